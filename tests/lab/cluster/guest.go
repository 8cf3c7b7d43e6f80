// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Machine is a VM as its guest sees it.
type Machine struct {
	Name, UUID  string
	ExtraConfig func() map[string]string
	SetExtra    func(key, value string) // as "vmtoolsd --cmd info-set" does
	SetTools    func(running bool)
	SetNet      func(primary string, hostname string) // primary "": no address yet
}

// A guest is the operating system of one VM. It survives a power-off, as a disk
// does.
type guest struct {
	name, uuid string
	nodeID     string // suffix from with-node-id
	password   string // of the node

	mu      sync.Mutex
	facts   map[string]string // shown by the control API
	system  *system           // nil until Ignition has run
	address string
	node    string // the name it registered with
	boots   int
}

// Facts in the order in which the control API shows them.
var factOrder = []string{"state", "reason", "hostname", "address", "node", "server", "token_user", "token_pinned",
	"agent_unit", "version", "spec", "encoding", "config_mode", "masked", "enabled", "update_engine", "locksmithd",
	"reboot_strategy", "ssh_keys", "warnings", "boots"}

func (g *guest) set(key, value string) {
	g.mu.Lock()
	g.facts[key] = value
	g.mu.Unlock()
}

func (g *guest) get(key string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.facts[key]
}

func (g *guest) report() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	lines := []string{"name=" + g.name, "uuid=" + g.uuid}
	for _, key := range factOrder {
		if value, ok := g.facts[key]; ok {
			lines = append(lines, key+"="+strings.ReplaceAll(value, "\n", " "))
		}
	}
	return lines
}

// fail records why the guest got no further.
func (g *guest) fail(state string, why error) {
	g.mu.Lock()
	g.facts["state"], g.facts["reason"] = state, why.Error()
	g.mu.Unlock()
}

// guestOf returns the guest of a VM; a new one at its first boot.
func (c *Cluster) guestOf(m Machine) *guest {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.guests[m.UUID]
	if g == nil {
		g = &guest{uuid: m.UUID, nodeID: randomHex(4), password: randomHex(16), facts: map[string]string{}}
		n := len(c.order) + 17
		g.address = fmt.Sprintf("10.20.%d.%d", n/250, n%250+1)
		c.guests[m.UUID] = g
		c.order = append(c.order, m.UUID)
	}
	g.mu.Lock()
	g.name = m.Name
	g.mu.Unlock()
	return g
}

// findGuest returns the guest of that name whose first boot is the latest.
func (c *Cluster) findGuest(name string) *guest {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range slices.Backward(c.order) {
		if g := c.guests[id]; g.name == name || g.uuid == name {
			return g
		}
	}
	return nil
}

// Boot runs the guest of a VM from power-on until ctx ends, which is power-off.
func (c *Cluster) Boot(ctx context.Context, m Machine) {
	if c.ctx.Err() != nil {
		return
	}
	c.running.Add(1)
	defer c.running.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(c.ctx, cancel)()
	g := c.guestOf(m)
	c.mu.Lock()
	bootTime, joinTime := c.boot, c.join
	c.mu.Unlock()
	g.mu.Lock()
	g.boots++
	boot := g.boots
	g.facts["boots"] = strconv.Itoa(boot)
	g.facts["state"] = "booting"
	delete(g.facts, "reason")
	g.mu.Unlock()

	c.up(ctx, g, m, bootTime, joinTime)
	<-ctx.Done()
	if state := g.get("state"); state != "emergency" {
		g.set("state", "off")
	}
	c.running.Go(func() { c.lose(g, boot, joinTime) })
}

// up takes the guest as far as it gets.
func (c *Cluster) up(ctx context.Context, g *guest, m Machine, bootTime, joinTime time.Duration) {
	s := g.disk()
	if !sleep(ctx, bootTime/4) {
		return
	}
	if s == nil {
		var err error
		if s, err = c.ignite(ctx, g, m); err != nil {
			g.fail("emergency", err)
			c.log.Printf("%s: emergency: %v", m.Name, err)
			return
		}
		g.mu.Lock()
		g.system = s
		g.mu.Unlock()
	}
	if !sleep(ctx, bootTime*3/4) {
		return
	}
	p := newPlan(s)
	w, judged := judge(s, p, m.ExtraConfig())
	name := w.hostname
	if name == "" {
		name = "localhost"
	}
	address := g.describe(s, p, w, name)
	m.SetTools(true)
	m.SetNet("", name)
	m.SetNet(address, name)
	up := time.Now()
	if judged != nil {
		g.fail("no-join", judged)
		c.log.Printf("%s: no join: %v", m.Name, judged)
		return
	}
	if err := c.enter(ctx, g, s, w, up, joinTime); err != nil && ctx.Err() == nil {
		g.fail("no-join", err)
		c.log.Printf("%s: no join: %v", m.Name, err)
	}
}

// ignite is the initrd of the first boot: it reads the config, builds the system
// from it, and deletes the config.
func (c *Cluster) ignite(ctx context.Context, g *guest, m Machine) (*system, error) {
	raw, encoding, err := userConfig(m.ExtraConfig())
	if errors.Is(err, errNoConfig) || (err == nil && notForIgnition(raw)) {
		// No config is valid as well: a plain Flatcar boots.
		return &system{files: map[string]*file{}, keys: map[string]int{}}, nil
	}
	if err != nil {
		return nil, err
	}
	g.set("encoding", encoding)
	g.set("spec", specOf(raw))
	config, warnings, err := parseConfig(raw)
	if err != nil {
		return nil, err
	}
	if len(warnings) > 0 {
		g.set("warnings", strings.Join(warnings, "; "))
	}
	f := &fetcher{ctx: ctx}
	if config, err = f.whole(config, 0); err != nil {
		return nil, err
	}
	s, err := build(config, f)
	if err != nil {
		return nil, err
	}
	// ignition-delete-config.service, unless the config masks it.
	if !newPlan(s).unit("ignition-delete-config.service").masked {
		m.SetExtra("guestinfo.ignition.config.data", "e30K")
		m.SetExtra("guestinfo.ignition.config.data.encoding", "base64")
	}
	return s, nil
}

var staticAddress = regexp.MustCompile(`(?m)^Address=([0-9.]+)/[0-9]+$`)

// disk returns what Ignition wrote; nil before the first boot.
func (g *guest) disk() *system {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.system
}

// describe records the facts of the system, and returns the guest's address.
func (g *guest) describe(s *system, p *plan, w *worker, hostname string) string {
	var masked, enabled []string
	for _, where := range s.below(unitDir) {
		if name := path.Base(where); p.unit(name).masked {
			masked = append(masked, name)
		}
	}
	for line := range strings.SplitSeq(presetText(s), "\n") {
		if name, ok := strings.CutPrefix(line, "enable "); ok {
			enabled = append(enabled, name)
		}
	}
	var keys []string
	for user, n := range s.keys {
		keys = append(keys, fmt.Sprintf("%s:%d", user, n))
	}
	slices.Sort(keys)
	update := map[string]string{}
	if f := s.lookup("/etc/flatcar/update.conf"); f != nil {
		for line := range strings.SplitSeq(string(f.data), "\n") {
			if key, value, ok := strings.Cut(line, "="); ok {
				update[strings.TrimSpace(key)] = strings.TrimSpace(value)
			}
		}
	}
	state := func(name string, off bool) string {
		switch {
		case p.unit(name).masked:
			return "masked"
		case off:
			return "off"
		}
		return "on"
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, name := range s.below("/etc/systemd/network") {
		if m := staticAddress.FindSubmatch(s.files[name].data); m != nil {
			g.address = string(m[1])
		}
	}
	if f := s.lookup("/etc/rancher/rke2/config.yaml"); f != nil {
		g.facts["config_mode"] = fmt.Sprintf("%04o", f.mode)
	}
	maps.Copy(g.facts, map[string]string{
		"hostname": hostname, "address": g.address, "masked": strings.Join(masked, ","),
		"enabled": strings.Join(enabled, ","), "ssh_keys": strings.Join(keys, ","),
		"update_engine":   state("update-engine.service", update["SERVER"] == "disabled"),
		"locksmithd":      state("locksmithd.service", update["REBOOT_STRATEGY"] == "off"),
		"reboot_strategy": update["REBOOT_STRATEGY"], "agent_unit": w.agent,
		"server": w.text("server"), "version": w.version,
	})
	return g.address
}

// enter is the agent's part: it retries until it is accepted, as the real agent
// does, and then stays a node.
func (c *Cluster) enter(ctx context.Context, g *guest, s *system, w *worker, up time.Time, joinTime time.Duration) error {
	t, err := w.readToken(s)
	if err != nil {
		return err
	}
	g.set("token_user", t.kind())
	g.set("token_pinned", map[bool]string{true: "yes", false: "no"}[t.hash != ""])
	a := &agent{server: w.text("server"), token: t, trusted: x509.NewCertPool(), resolve: c.resolver,
		node: w.nodeName(g.nodeID), password: g.password, address: g.get("address")}
	for _, p := range s.below("/etc/ssl/certs") {
		if f := s.lookup(p); f != nil {
			a.trusted.AppendCertsFromPEM(f.data)
		}
	}
	g.set("node", a.node)
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		err := a.join(ctx)
		if err == nil {
			break
		}
		g.fail("no-join", err)
		if !sleep(ctx, pause) {
			return nil
		}
	}
	g.mu.Lock()
	delete(g.facts, "reason")
	g.mu.Unlock()
	labels, taints, err := w.kubelet()
	if err != nil {
		return err
	}
	if !sleep(ctx, time.Until(up.Add(joinTime/2))) {
		return nil
	}
	return c.register(ctx, g, nodeSpec{name: a.node, uuid: g.uuid, address: a.address, version: w.version,
		labels: labels, taints: taints, cloud: w.text("cloud-provider-name") != ""}, up.Add(joinTime))
}

// register creates the node, and makes it ready after the join time.
func (c *Cluster) register(ctx context.Context, g *guest, spec nodeSpec, ready time.Time) error {
	if spec.version == "" {
		spec.version = rke2Version
	}
	if err := c.api.createNode(ctx, newNode(spec)); err != nil {
		return fmt.Errorf("cannot register the node: %w", err)
	}
	g.mu.Lock()
	g.facts["state"], g.node = "joined", spec.name
	g.mu.Unlock()
	if !sleep(ctx, time.Until(ready)) {
		return nil
	}
	provider := ""
	if spec.cloud {
		provider = "vsphere://" + spec.uuid
	}
	if err := c.nodeReady(ctx, spec.name, provider); err != nil {
		return fmt.Errorf("cannot make the node ready: %w", err)
	}
	g.set("state", "ready")
	return nil
}

// readToken returns the token that the agent is configured with.
func (w *worker) readToken(s *system) (*token, error) {
	text := w.text("token")
	if text == "" {
		name := w.text("token-file")
		if name == "" {
			return nil, errors.New("config.yaml: neither 'token' nor 'token-file'")
		}
		f := s.lookup(name)
		if f == nil {
			return nil, fmt.Errorf("token-file '%s' does not exist", name)
		}
		text = strings.TrimSpace(string(f.data))
	}
	return parseToken(text)
}

// lose marks the node as lost a while after its machine was powered off, unless
// the machine is on again by then.
func (c *Cluster) lose(g *guest, boot int, joinTime time.Duration) {
	grace := max(min(joinTime, 2*time.Second), 100*time.Millisecond)
	if !sleep(c.ctx, grace) {
		return
	}
	g.mu.Lock()
	node, again := g.node, g.boots != boot
	g.mu.Unlock()
	if node == "" || again {
		return
	}
	if err := c.nodeLost(c.ctx, node, g.uuid); err != nil && c.ctx.Err() == nil {
		c.log.Printf("%s: cannot mark the node as lost: %v", node, err)
	}
}
