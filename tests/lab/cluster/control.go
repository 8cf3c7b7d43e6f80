// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A control verb takes its arguments and returns lines of text.
type control func(ctx context.Context, args []string) ([]string, error)

var errUsage = errors.New("wrong arguments")

// The verbs, beside "guest NAME" and "guests":
//
//	bootstrap-token [TTL]           creates one, and prints it
//	supervisor-fail CODE [COUNT]    /v1-rke2 fails with CODE, COUNT times; "off" ends it
//	supervisor-calls [-reset]       how often each route was requested
//	node-passwords                  the nodes that have such a Secret
//	node-password NAME              stores one, of a worker that never became a node
//	node-cordon NAME [off]          node-label NAME KEY=VALUE|KEY-...
//	node-condition NAME TYPE STATUS [MESSAGE]
//	node-add NAME [UUID]            a Ready node that is not a VM of the lab
//	node-delete NAME
//	kube-gone [event|status]        the next watch, and continue tokens, end with 410
//	kube-drop                       breaks every watch
//	kube-stall on|off               watches send nothing, but stay connected
//	kube-fail CODE [COUNT]          the API fails with CODE, COUNT times; "off" ends it
//	kube-answer REQUEST SCRIPT      answers to these requests are a script's; "off" ends it
//	kube-requests [-reset]          the requests, and how often
//	set-boot-time DUR               set-join-time DUR
//
// ControlHandler answers /VERB and /cluster/VERB. The arguments are the values of
// "arg" in the query or form, or the lines of a text/plain body.
func (c *Cluster) ControlHandler() http.Handler {
	verbs := c.verbs()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/"), "cluster/")
		verb, ok := verbs[name]
		if !ok {
			http.Error(w, fmt.Sprintf("unknown verb '%s': verbs are %s", name,
				strings.Join(slices.Sorted(maps.Keys(verbs)), " ")), http.StatusNotFound)
			return
		}
		args, err := controlArgs(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		lines, err := verb(r.Context(), args)
		if err != nil {
			http.Error(w, name+": "+err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		for _, line := range lines {
			io.WriteString(w, line+"\n")
		}
	})
}

func controlArgs(r *http.Request) ([]string, error) {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "text/plain") {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil || len(body) == 0 {
			return r.URL.Query()["arg"], err
		}
		return strings.Split(strings.TrimSuffix(string(body), "\n"), "\n"), nil
	}
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	return r.Form["arg"], nil
}

func (c *Cluster) verbs() map[string]control {
	return map[string]control{
		"guest":            c.ctlGuest,
		"guests":           c.ctlGuests,
		"bootstrap-token":  c.ctlBootstrapToken,
		"supervisor-fail":  func(_ context.Context, args []string) ([]string, error) { return nil, failArgs(args, c.super.failWith) },
		"node-passwords":   c.ctlPasswords,
		"node-password":    c.ctlPassword,
		"node-cordon":      c.ctlCordon,
		"node-condition":   c.ctlCondition,
		"node-delete":      c.ctlDelete,
		"node-add":         c.ctlAdd,
		"node-label":       c.ctlLabel,
		"kube-gone":        c.onKube(c.ctlGone),
		"kube-drop":        c.onKube(func([]string) ([]string, error) { c.kube.dropWatches(); return nil, nil }),
		"kube-stall":       c.onKube(c.ctlStall),
		"kube-requests":    c.onKube(c.ctlRequests),
		"kube-fail":        c.onKube(c.ctlKubeFail),
		"kube-answer":      c.onKube(c.ctlAnswer),
		"set-boot-time":    c.ctlTime(&c.boot),
		"set-join-time":    c.ctlTime(&c.join),
		"supervisor-calls": c.ctlSupervisorCalls,
	}
}

// onKube wraps verbs that need the lab's own API.
func (c *Cluster) onKube(do func([]string) ([]string, error)) control {
	return func(_ context.Context, args []string) ([]string, error) {
		if c.kube == nil {
			return nil, errors.New("not available with a real Kubernetes API")
		}
		return do(args)
	}
}

func failArgs(args []string, set func(code, count int)) error {
	if len(args) == 1 && args[0] == "off" {
		set(0, 0)
		return nil
	}
	if len(args) < 1 || len(args) > 2 {
		return errUsage
	}
	code, err := strconv.Atoi(args[0])
	if err != nil || code < 400 || code > 599 {
		return fmt.Errorf("'%s' is not an error status", args[0])
	}
	count := -1
	if len(args) == 2 {
		if count, err = strconv.Atoi(args[1]); err != nil {
			return fmt.Errorf("'%s' is not a count", args[1])
		}
	}
	set(code, count)
	return nil
}

// ctlTime sets one of the guests' delays, for the boots that follow.
func (c *Cluster) ctlTime(which *time.Duration) control {
	return func(_ context.Context, args []string) ([]string, error) {
		if len(args) != 1 {
			return nil, errUsage
		}
		d, err := time.ParseDuration(args[0])
		if err != nil {
			return nil, err
		}
		c.mu.Lock()
		*which = d
		c.mu.Unlock()
		return nil, nil
	}
}

func (c *Cluster) ctlGuest(_ context.Context, args []string) ([]string, error) {
	if len(args) != 1 {
		return nil, errUsage
	}
	g := c.findGuest(path.Base(args[0]))
	if g == nil {
		return nil, fmt.Errorf("'%s' has not booted", args[0])
	}
	return g.report(), nil
}

func (c *Cluster) ctlGuests(context.Context, []string) ([]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var lines []string
	for _, id := range c.order {
		g := c.guests[id]
		lines = append(lines, g.name+" "+g.get("state"))
	}
	return lines, nil
}

func (c *Cluster) ctlBootstrapToken(_ context.Context, args []string) ([]string, error) {
	ttl := 24 * time.Hour
	if len(args) > 1 {
		return nil, errUsage
	} else if len(args) == 1 {
		var err error
		if ttl, err = time.ParseDuration(args[0]); err != nil {
			return nil, fmt.Errorf("'%s' is not a duration", args[0])
		}
	}
	return []string{c.super.newBootstrapToken(ttl)}, nil
}

// ctlPasswords lists the nodes that have a node-password Secret.
func (c *Cluster) ctlPasswords(context.Context, []string) ([]string, error) {
	c.super.mu.Lock()
	defer c.super.mu.Unlock()
	return slices.Sorted(maps.Keys(c.super.passwords)), nil
}

func (c *Cluster) ctlPassword(_ context.Context, args []string) ([]string, error) {
	if len(args) != 1 {
		return nil, errUsage
	}
	c.super.leave(args[0])
	return nil, nil
}

func (c *Cluster) ctlSupervisorCalls(_ context.Context, args []string) ([]string, error) {
	c.super.mu.Lock()
	defer c.super.mu.Unlock()
	var lines []string
	for _, what := range slices.Sorted(maps.Keys(c.super.requests)) {
		lines = append(lines, fmt.Sprintf("%s %d", what, c.super.requests[what]))
	}
	if slices.Contains(args, "-reset") || slices.Contains(args, "reset") {
		clear(c.super.requests)
	}
	return lines, nil
}

func (c *Cluster) ctlCordon(ctx context.Context, args []string) ([]string, error) {
	if len(args) < 1 || len(args) > 2 {
		return nil, errUsage
	}
	on := len(args) == 1 || args[1] != "off"
	return nil, c.api.patchNode(ctx, args[0], object{"spec": object{"unschedulable": on}})
}

func (c *Cluster) ctlCondition(ctx context.Context, args []string) ([]string, error) {
	if len(args) < 3 {
		return nil, errUsage
	}
	message := strings.Join(args[3:], " ")
	return nil, c.api.patchStatus(ctx, args[0], object{"conditions": []any{condition(args[1], args[2], "Lab", message)}})
}

func (c *Cluster) ctlDelete(ctx context.Context, args []string) ([]string, error) {
	if len(args) != 1 {
		return nil, errUsage
	}
	_, err := c.api.call(ctx, http.MethodDelete, nodePath(args[0]), "", nil)
	return nil, err
}

// ctlAdd creates a Ready node that belongs to no VM of the lab.
func (c *Cluster) ctlAdd(ctx context.Context, args []string) ([]string, error) {
	if len(args) < 1 || len(args) > 2 {
		return nil, errUsage
	}
	id := uuid()
	if len(args) == 2 {
		id = args[1]
	}
	node := newNode(nodeSpec{name: args[0], uuid: id, address: "10.20.255.1", version: rke2Version})
	if err := c.api.createNode(ctx, node); err != nil {
		return nil, err
	}
	return nil, c.nodeReady(ctx, args[0], "")
}

// ctlLabel sets labels, KEY=VALUE, or removes them, KEY-.
func (c *Cluster) ctlLabel(ctx context.Context, args []string) ([]string, error) {
	if len(args) < 2 {
		return nil, errUsage
	}
	labels := object{}
	for _, arg := range args[1:] {
		if key, value, ok := strings.Cut(arg, "="); ok {
			labels[key] = value
		} else if key, ok := strings.CutSuffix(arg, "-"); ok {
			labels[key] = nil
		} else {
			return nil, errUsage
		}
	}
	return nil, c.api.patchNode(ctx, args[0], object{"metadata": object{"labels": labels}})
}

// ctlGone makes the next watch end with 410: as an event in the stream, or with
// "status" as the HTTP status. Continue tokens expire as well.
func (c *Cluster) ctlGone(args []string) ([]string, error) {
	how := "event"
	if len(args) == 1 {
		how = args[0]
	}
	if len(args) > 1 || (how != "event" && how != "status") {
		return nil, errUsage
	}
	c.kube.mu.Lock()
	c.kube.gone = how
	c.kube.mu.Unlock()
	c.kube.forgetLists()
	c.kube.store.compact()
	return nil, nil
}

func (c *Cluster) ctlStall(args []string) ([]string, error) {
	if len(args) != 1 || (args[0] != "on" && args[0] != "off") {
		return nil, errUsage
	}
	c.kube.stall(args[0] == "on")
	return nil, nil
}

func (c *Cluster) ctlRequests(args []string) ([]string, error) {
	return c.kube.counts(slices.Contains(args, "-reset") || slices.Contains(args, "reset")), nil
}

func (c *Cluster) ctlKubeFail(args []string) ([]string, error) {
	return nil, failArgs(args, func(code, count int) {
		c.kube.mu.Lock()
		c.kube.fail, c.kube.failLeft = code, count
		c.kube.mu.Unlock()
	})
}
