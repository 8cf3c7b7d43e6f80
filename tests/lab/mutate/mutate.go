// SPDX-License-Identifier: Apache-2.0

// Package mutate runs each tool as tests/tools.tab has it, again and again: each time one
// piece of one answer of the lab is dropped, emptied, doubled or replaced. It judges how
// the tool ends.
package mutate

import (
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"log"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"

	"vsutils/lab/hostile"
)

type options struct {
	tools, tab, row, point string
	jobs, sample           int
	cpu                    time.Duration
	list, verbose, trace   bool
}

// A task is one run: a row with one answer changed.
type task struct {
	row   *row
	point hostile.Point
}

func (t task) String() string { return t.row.name + " " + t.point.String() }

// Main is "lab mutate [OPTIONS]"; it returns the exit status.
func Main(args []string) int {
	o := &options{}
	f := flag.NewFlagSet("lab mutate", flag.ExitOnError)
	f.StringVar(&o.tools, "tools", "build/lower", "`folder` of the tools")
	f.StringVar(&o.tab, "tab", "tests/tools.tab", "the `table` of tools")
	f.StringVar(&o.row, "row", "", "only this `row` of it")
	f.StringVar(&o.point, "point", "", "only changes whose name contains `TEXT`")
	f.IntVar(&o.jobs, "j", 8, "runs at a time; most of them wait")
	f.IntVar(&o.sample, "n", 0, "only so many changes, always the same; 0: all")
	f.DurationVar(&o.cpu, "cpu", 2*time.Second, "CPU time that a changed answer may cost")
	f.BoolVar(&o.list, "list", false, "print the changes, and run none")
	f.BoolVar(&o.verbose, "v", false, "print each run, with its messages")
	f.BoolVar(&o.trace, "trace", false, "run the tools with --trace; for use with -v")
	_ = f.Parse(args)
	log.SetOutput(io.Discard) // vcsim's
	status, err := o.main()
	if err != nil {
		fmt.Fprintf(os.Stderr, "lab mutate: %v\n", err)
		return 2
	}
	return status
}

func (o *options) main() (int, error) {
	rows, reads, err := readTab(o.tab, o.row)
	if err != nil {
		return 0, err
	}
	if o.tools, err = filepath.Abs(o.tools); err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp("", "vsutils-mutate-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	os.Setenv("TMPDIR", dir) // vcsim's datastores
	labs, err := startLabs(o, dir)
	for _, l := range labs {
		defer l.close()
	}
	if err != nil {
		return 0, err
	}
	usual, tasks, err := labs[0].plan(rows)
	if err != nil {
		return 0, err
	}
	tasks = o.choose(tasks)
	if o.list {
		for _, t := range tasks {
			fmt.Println(t)
		}
		return 0, nil
	}
	return o.runAll(labs, usual, tasks, reads)
}

func startLabs(o *options, dir string) (labs []*lab, err error) {
	n := o.jobs
	if o.list {
		n = 1
	}
	for i := range n {
		l, err := startLab(filepath.Join(dir, fmt.Sprint(i)), o.tools)
		if err != nil {
			return labs, err
		}
		if labs = append(labs, l); o.trace {
			l.options = []string{"--trace"}
		}
		if err := l.ignition(); err != nil {
			return labs, err
		}
	}
	return labs, nil
}

// plan runs each row as usual, and collects what can be changed.
func (l *lab) plan(rows []*row) (usual map[string]result, tasks []task, err error) {
	usual = map[string]result{}
	for _, r := range rows {
		got, points, _, err := l.do(r, nil)
		if err != nil {
			return nil, nil, err
		}
		if got.status != 0 {
			return nil, nil, fmt.Errorf("row %s: status %d: %s", r.name, got.status, got.err)
		}
		usual[r.name] = got
		for _, p := range points {
			tasks = append(tasks, task{r, p})
		}
	}
	return usual, tasks, nil
}

// choose returns the tasks of -point and -n; those of a sample do not depend on each
// other, so that most stay when the answers change.
func (o *options) choose(tasks []task) (chosen []task) {
	for _, t := range tasks {
		if strings.Contains(t.String(), o.point) {
			chosen = append(chosen, t)
		}
	}
	if o.sample == 0 || o.sample >= len(chosen) {
		return chosen
	}
	hash := func(t task) uint64 {
		h := fnv.New64a()
		_, _ = h.Write([]byte(t.String()))
		return h.Sum64() * 0x9e3779b97f4a7c15 // the last bytes of similar names count
	}
	sort.SliceStable(chosen, func(i, j int) bool { return hash(chosen[i]) < hash(chosen[j]) })
	return chosen[:o.sample]
}

// do runs a row, with one point changed or none.
func (l *lab) do(r *row, p *hostile.Point) (got result, points []hostile.Point, hit bool, err error) {
	vm, err := l.prepare(r)
	if err != nil {
		return got, nil, false, err
	}
	defer l.forget(vm)
	l.requests()
	stdin := ""
	words := r.command(vm, l.dir)
	if r.is("stdin") {
		stdin = "/DC0/vm/" + vm + "\n"
	}
	if p != nil {
		words = append([]string{words[0], "--timeout", "3s"}, append(l.options, words[1:]...)...)
	}
	if r.tool() == "node-wait" && r.vm == "none" {
		ended := make(chan bool)
		defer close(ended)
		go l.joinLater(vm, ended)
	}
	l.mut.Begin(p)
	got = l.run(words, stdin, limit)
	points, hit = l.mut.End()
	got.requests = l.requests()
	return got, points, hit, nil
}

// runAll runs the tasks in all labs, and prints what is wrong.
func (o *options) runAll(labs []*lab, usual map[string]result, tasks []task, reads map[string]bool) (int, error) {
	queue := make(chan task)
	var mu sync.Mutex
	var wg sync.WaitGroup
	var missed, bad int
	var cpu time.Duration
	var failed error
	ends := map[int]int{}
	for _, l := range labs {
		wg.Go(func() {
			for t := range queue {
				got, _, hit, err := l.do(t.row, &t.point)
				found := judge(t.row, t.point, usual[t.row.name], got, reads, o.cpu)
				mu.Lock()
				cpu += got.cpu
				switch {
				case err != nil:
					failed = err
				case !hit:
					missed++
				default:
					ends[got.status]++
				}
				if len(found) > 0 && err == nil {
					bad++
				}
				if len(found) > 0 || o.verbose {
					fmt.Printf("%s: %s\n", t, strings.Join(found, "; "))
					fmt.Printf("    status %d, %s, CPU %s\n", got.status, got.took.Round(time.Millisecond), got.cpu)
					for line := range strings.Lines(got.err + got.out) {
						fmt.Printf("    %.300q\n", line)
					}
				}
				mu.Unlock()
			}
		})
	}
	for _, t := range tasks {
		queue <- t
	}
	close(queue)
	wg.Wait()
	if failed != nil {
		return 0, failed
	}
	fmt.Printf("%d changed answers, %d bad; %d runs in which that answer did not come; status", len(tasks)-missed, bad, missed)
	for status := -1; status < 256; status++ {
		if n := ends[status]; n > 0 {
			fmt.Printf(" %d: %d", status, n)
		}
	}
	fmt.Printf("; %.0f s of CPU time in the tools\n", cpu.Seconds())
	if bad > 0 {
		return 1, nil
	}
	return 0, nil
}
