package control

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// Main is "lab ctl VERB ARGS": it sends the verb to $LAB_CTL, prints the
// answer and returns the exit status.
func Main(args []string) int {
	base := os.Getenv("LAB_CTL")
	if base == "" || len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: lab ctl VERB [ARGS], with LAB_CTL in the environment")
		return 2
	}
	path := "/cluster/" + args[0]
	if _, ours := verbs[args[0]]; ours {
		path = "/" + args[0]
	}
	client := &http.Client{Timeout: 30 * time.Second}
	res, err := client.PostForm(base+path, url.Values{"arg": args[1:]})
	if err != nil {
		fmt.Fprintf(os.Stderr, "lab ctl: %v\n", err)
		return 1
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	switch {
	case err != nil:
		fmt.Fprintf(os.Stderr, "lab ctl: %v\n", err)
		return 1
	case res.StatusCode != http.StatusOK:
		fmt.Fprintf(os.Stderr, "lab ctl: %s: %s\n", args[0], strings.TrimSpace(string(body)))
		return 1
	}
	_, _ = os.Stdout.Write(body)
	return 0
}
