/* SPDX-License-Identifier: Apache-2.0 */
/* The ground floor: base/ but for child programs (proc.c) and options
 * (opt.c). */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/backoff.h"
#include "base/buf.h"
#include "base/candidates.h"
#include "base/err.h"
#include "base/io.h"
#include "base/list.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/siphash.h"
#include "base/spelling.h"
#include "tap.h"

static struct vs_err err;

static void
errors(void)
{
	struct vs_err e = { .code = VS_ERR_NONE, .line = 7, .fault = "X" };
	char big[2000];

	ok(vs_fail(&e, VS_ERR_TIMED_OUT, "no %s", "answer") == -1, "failing gives -1");
	ok(e.code == VS_ERR_TIMED_OUT && e.line == 0 && e.fault[0] == '\0',
		"... and forgets what was there");
	is(e.msg, "no answer", "... the message");
	ok(vs_wrap(&e, "vm '%s'", "a") == -1 && e.code == VS_ERR_TIMED_OUT,
		"wrapping keeps the code");
	is(e.msg, "vm 'a': no answer", "... and goes in front");
	vs_fail(&e, VS_ERR_FAILED, "%s (again)", e.msg);
	is(e.msg, "vm 'a': no answer (again)", "a message made of itself");
	vs_wrap(&e, "%s", e.msg);
	is(e.msg, "vm 'a': no answer (again): vm 'a': no answer (again)",
		"... and wrapped in itself");
	vs_fail_at(&e, 3, 14, "no such key");
	ok(e.code == VS_ERR_USAGE && e.line == 3 && e.col == 14, "a place in a file");
	vs_wrap(&e, "x");
	ok(e.line == 3 && e.col == 14, "... is kept");

	memset(big, 'b', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	vs_fail(&e, VS_ERR_FAILED, "%s", big);
	ok(strlen(e.msg) == sizeof e.msg - 1, "a long message is cut");
	vs_wrap(&e, "front");
	ok(strncmp(e.msg, "front: bbb", 10) == 0 && strlen(e.msg) == sizeof e.msg - 1,
		"... at its end");
	vs_wrap(&e, "%s", big);
	ok(strlen(e.msg) < sizeof e.msg, "... whatever is put in front");
}

static void
buffers(void)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	char *s;
	bool room = true;

	for (int i = 0; i < 300; i++) {
		room &= b.cap == 0 || b.cap > b.len;
		vs_buf_ch(&b, 'x');
	}
	ok(room && b.cap > b.len, "there is always room for the NUL");
	vs_buf_free(&b);
	is(b.s, "", "an empty buffer is an empty string");
	vs_buf_str(&b, "abc");
	vs_buf_ch(&b, 'd');
	vs_buf_fmt(&b, "%d", 12);
	vs_buf_add(&b, "\0x", 2);
	ok(b.len == 8 && memcmp(b.s, "abcd12\0x", 9) == 0, "appending");
	vs_buf_cut(&b, 6);
	vs_buf_cut(&b, 60);
	is(b.s, "abcd12", "cutting");
	vs_buf_shift(&b, 2);
	is(b.s, "cd12", "dropping the first bytes");
	vs_buf_shift(&b, 9);
	ok(b.len == 0 && b.s[0] == '\0', "... all of them");
	for (int i = 0; i < 1000; i++)
		vs_buf_fmt(&b, "%03d", i);
	ok(b.len == 3000 && strcmp(b.s + 2997, "999") == 0, "growing");
	s = vs_buf_take(&b);
	ok(strlen(s) == 3000 && b.len == 0 && b.s[0] == '\0', "taking it");
	free(s);
	s = vs_buf_take(&b);
	is(s, "", "taking nothing is a string, too");
	free(s);

	b.max = 5;
	vs_buf_str(&b, "abcde");
	ok(!b.over, "full");
	vs_buf_str(&b, "f");
	ok(b.over && b.len == 5 && strcmp(b.s, "abcde") == 0,
		"fuller than full: what is too much is dropped, and known");
	vs_buf_cut(&b, 3);
	vs_buf_str(&b, "xyz");
	is(b.s, "abcxy", "... a part that fits is taken");
}

static void
memory(void)
{
	struct vs_arena a = { 0 };
	unsigned char *p = vs_alloc(3, 5);
	int *v = NULL;
	size_t n = 0, cap = 0;
	bool good = true;
	char *s = NULL;

	for (int i = 0; i < 15; i++)
		good = good && p[i] == 0;
	ok(good, "memory is zeroed");
	free(p);
	ok(vs_strdup(NULL) == NULL, "a copy of nothing is nothing");
	vs_set(&s, "one");
	vs_set(&s, s + 1);
	is(s, "ne", "a string set to a part of itself");
	p = (unsigned char *)vs_steal(s);
	ok(s == NULL && p != NULL, "stealing");
	free(p);
	for (int i = 0; i < 1000; i++) {
		vs_grow(v, n, cap);
		v[n++] = i;
	}
	ok(v[0] == 0 && v[999] == 999 && cap >= 1000, "a growing array");
	free(v);

	good = true;
	for (size_t i = 1; i < 3000; i++) {
		unsigned char *q = vs_arena_get(&a, i);

		good = good && (uintptr_t)q % 16 == 0 && q[0] == 0 && q[i - 1] == 0;
		memset(q, 0xff, i);
	}
	ok(good, "an arena gives aligned and zeroed memory");
	ok(a.total >= 3000 * 1500, "... and counts it");
	is(vs_arena_str(&a, "abcdef", 3), "abc", "... and strings");
	memset(vs_arena_get(&a, 100000), 1, 100000);
	vs_arena_reset(&a);
	ok(a.total == 0, "reset");
	memset(vs_arena_get(&a, 1000), 1, 1000); /* this block stays */
	vs_arena_reset(&a);
	p = vs_arena_get(&a, 1000);
	good = true;
	for (int i = 0; i < 1000; i++)
		good = good && p[i] == 0;
	ok(good, "... and what is given again is zeroed again");
	vs_arena_free(&a);
	ok(a.block == NULL, "freed");
}

static void
numbers(void)
{
	static const struct {
		const char *s;
		int64_t n;
	} sizes[] = {
		{ "8G", 8ll << 30 }, { "512M", 512ll << 20 }, { "1.5g", 3ll << 29 },
		{ "2T", 2ll << 40 }, { "64K", 64 << 10 }, { "8Gi", 8ll << 30 },
		{ "8GiB", 8ll << 30 },
	}, times[] = {
		{ "90s", 90000 }, { "15m", 900000 }, { "1h30m", 5400000 },
		{ "1.5s", 1500 }, { "200ms", 200 }, { "0", 0 }, { "0s", 0 },
	};
	static const char *const no_sizes[] = {
		"", "8", "8192", "G", "-8G", "8X", "8GG", "8G ", " 8G", "0G",
		"0x8G", "1e3G", "8GB", "99999999T", "nanG", "infG",
	}, *const no_times[] = {
		"", "90", "s", "-1s", "1", "1h30", "1hh", "1hm", "1x", "1s ",
		"0x10s", "1e3s", "infs", "99999999999999h",
	}, *const no_numbers[] = {
		"", "x", "1x", "1 ", " 1", "+1", "-", "-1", "11", "0x1",
		"99999999999999999999",
	};
	int64_t n;
	char clock[24];

	for (size_t i = 0; i < VS_LEN(sizes); i++)
		ok(vs_size(sizes[i].s, &n, &err) == 0 && n == sizes[i].n, sizes[i].s);
	for (size_t i = 0; i < VS_LEN(times); i++)
		ok(vs_duration(times[i].s, &n, &err) == 0 && n == times[i].n, times[i].s);
	for (size_t i = 0; i < VS_LEN(no_sizes); i++)
		ok(vs_size(no_sizes[i], &n, &err) == -1 && err.code == VS_ERR_USAGE
				&& strstr(err.msg, no_sizes[i]),
			"no size");
	for (size_t i = 0; i < VS_LEN(no_times); i++)
		ok(vs_duration(no_times[i], &n, &err) == -1 && err.code == VS_ERR_USAGE
				&& strstr(err.msg, no_times[i]),
			"no duration");
	for (size_t i = 0; i < VS_LEN(no_numbers); i++)
		ok(vs_num(no_numbers[i], 0, 10, &n, &err) == -1 && err.code == VS_ERR_USAGE,
			"no number from 0 to 10");
	ok(vs_num("10", 0, 10, &n, &err) == 0 && n == 10, "the largest");
	ok(vs_num("-3", -3, 10, &n, &err) == 0 && n == -3, "the smallest");
	is(vs_clock(31999, clock, sizeof clock), "0:31", "half a minute");
	is(vs_clock(725000, clock, sizeof clock), "12:05", "twelve minutes");
	is(vs_clock(3723000, clock, sizeof clock), "1:02:03", "an hour");
}

static void
nearness(void)
{
	static const char *const numbered[] = { "worker-2", "worker-10" };
	static const char *const w[] = { "cpus", "memory", "disk", "network",
		("a-word-of-more-than-sixty-three-letters-which-nobody-would-ever-type-in") };
	char far[201];

	is(vs_did_you_mean(w, VS_LEN(w), "cpu"), "cpus", "a letter less");
	is(vs_did_you_mean(w, VS_LEN(w), "memmory"), "memory", "a letter more");
	is(vs_did_you_mean(w, VS_LEN(w), "disc"), "disk", "another letter");
	is(vs_did_you_mean(w, VS_LEN(w), "netowrk"), "network", "two swapped");
	is(vs_did_you_mean(w, VS_LEN(w), "NETWORK"), "network", "capitals");
	is(vs_did_you_mean(numbered, VS_LEN(numbered), "worker-9"), NULL, "another number");
	is(vs_did_you_mean(numbered, VS_LEN(numbered), "wroker-2"), "worker-2",
		"the number is right");
	ok(vs_did_you_mean(w, VS_LEN(w), "folder") == NULL, "none is near");
	ok(vs_did_you_mean(w, 0, "cpus") == NULL, "no words");
	memset(far, 'x', 200);
	far[200] = '\0';
	ok(vs_did_you_mean(w, VS_LEN(w), far) == NULL, "a very long word is near to none");
}

static void
reading(const char *dir)
{
	VS_FREE char *path = vs_printf("%s/file", dir);
	VS_FREE char *none = vs_printf("%s/none", dir);
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT, small = VS_BUF_INIT;
	struct stat st;
	ino_t inode;

	umask(077);
	ok(vs_write_file(path, "hello", 5, 0644, &err) == 0, "a file out");
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0644 && st.st_size == 5,
		"... its mode is exact, whatever the umask");
	ok(vs_read_file(path, "config", &b, &err) == 0 && strcmp(b.s, "hello") == 0, "a file in");
	ok(vs_read_file(none, "config", &b, &err) == -1 && err.code == VS_ERR_NOT_FOUND,
		"no such file");
	ok(strstr(err.msg, "cannot read config '") == err.msg && strstr(err.msg, none),
		"... says which");
	ok(vs_read_file(dir, "config", &b, &err) == -1 && err.code == VS_ERR_USAGE,
		"a folder is no file");
	small.max = 4;
	ok(vs_read_file(path, "config", &small, &err) == -1 && err.code == VS_ERR_USAGE,
		"larger than its maximum");

	inode = st.st_ino;
	ok(vs_write_file(path, "new", 3, 0600, &err) == 0 && stat(path, &st) == 0
			&& st.st_ino != inode,
		"a file again: another one takes its place");
	vs_buf_cut(&b, 0);
	ok(vs_read_file(path, "config", &b, &err) == 0 && strcmp(b.s, "new") == 0,
		"... and is read");
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600, "... with its new mode");
	unlink(path);
	VS_FREE char *deep = vs_printf("%s/no/file", dir);
	ok(vs_write_file(deep, "x", 1, 0600, &err) == -1 && err.code == VS_ERR_FAILED
			&& strstr(err.msg, deep),
		"no such folder");
	ok(vs_write_file("/dev/null", "x", 1, 0600, &err) == 0 && stat("/dev/null", &st) == 0
			&& S_ISCHR(st.st_mode),
		"a device is written to, not replaced");
	ok(vs_write_file("/dev/full", "x", 1, 0600, &err) == -1 && err.code == VS_ERR_FAILED,
		"no room");
}

static void
standard_input(void)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	int p[2];

	if (!ok(pipe(p) == 0 && write(p[1], "in", 2) == 2 && dup2(p[0], 0) == 0,
		    "something on stdin"))
		return;
	close(p[1]);
	ok(vs_read_file("-", "the token", &b, &err) == 0 && strcmp(b.s, "in") == 0, "'-' is stdin");
	ok(vs_read_file("-", "the config", &b, &err) == -1 && err.code == VS_ERR_USAGE,
		"twice is refused");
	is(err.msg, "stdin ('-') cannot be both the token and the config", "... and says why");
	close(p[0]);
}

static char heard[VS_LOG_TRACE + 1][64];

static void
hear(enum vs_log_level level, const char *msg)
{
	snprintf(heard[level], sizeof heard[level], "%s", msg);
}

static void
logs(void)
{
	vs_warn("nobody hears this");
	vs_log_to(hear, 1u << VS_LOG_WARN | 1u << VS_LOG_TRACE);
	vs_warn("w%d", 1);
	vs_info("i%d", 1);
	vs_trace("t%d", 1);
	is(heard[VS_LOG_WARN], "w1", "a warning");
	is(heard[VS_LOG_INFO], "", "what is not asked for is not said");
	is(heard[VS_LOG_TRACE], "t1", "a trace");
	ok(vs_log_on(VS_LOG_WARN) && !vs_log_on(VS_LOG_INFO), "who listens is known");
	vs_log_to(NULL, ~0u);
	ok(!vs_log_on(VS_LOG_WARN), "nobody listens");
	vs_warn("w2");
	is(heard[VS_LOG_WARN], "w1", "... and nobody hears");
}

static void
maps(void)
{
	struct vs_map m = { 0 };
	static int v[2000];
	char key[32];
	const char *k;
	size_t at = 0, seen = 0;
	bool good = true;

	ok(vs_map_get(&m, "x") == NULL && vs_map_del(&m, "x") == NULL, "an empty map");
	for (int i = 0; i < 2000; i++) {
		snprintf(key, sizeof key, "key%d", i);
		vs_map_put(&m, key, &v[i]);
	}
	for (int i = 0; i < 2000; i += 2) {
		snprintf(key, sizeof key, "key%d", i);
		good = good && vs_map_del(&m, key) == &v[i];
	}
	ok(good, "two thousand in, every other out");
	for (int i = 0; i < 2000; i++) {
		snprintf(key, sizeof key, "key%d", i);
		good = good && vs_map_get(&m, key) == (i % 2 ? &v[i] : NULL);
	}
	ok(good, "... the others are there");
	for (int *p; (p = vs_map_next(&m, &at, &k)) != NULL; seen++)
		good = good && p - v == 2 * (int)seen + 1 && atoi(k + 3) == p - v;
	ok(good && seen == 1000, "... each is met once, in the order of its coming");
	for (int i = 0; i < 20000; i++) {
		vs_map_put(&m, "again", &v[0]);
		vs_map_del(&m, "again");
	}
	ok(m.cap <= 8192, "in and out does not make it grow");
	vs_map_put(&m, "key1", &v[7]);
	ok(vs_map_get(&m, "key1") == &v[7], "put again: replaced");
	vs_map_free(&m);
	ok(vs_map_get(&m, "key1") == NULL, "freed");
}

/* The vectors of the paper's authors: the key 00 01 .. 0f, the text 00 01 .. n-1. */
static void
keyed_hash(void)
{
	static const uint64_t key[2] = { 0x0706050403020100, 0x0f0e0d0c0b0a0908 };
	struct vs_map one = { 0 }, other = { 0 };
	unsigned char s[15];

	for (size_t i = 0; i < sizeof s; i++)
		s[i] = (unsigned char)i;
	ok(vs_siphash(key, s, 0) == 0x726fdb47dd0e0e31, "SipHash of nothing");
	ok(vs_siphash(key, s, 8) == 0x93f5f5799a932462, "... of a word");
	ok(vs_siphash(key, s, 15) == 0xa129ca6149be45e5, "... of a word and a rest");
	vs_map_put(&one, "a", &one);
	vs_map_put(&other, "a", &other);
	ok(memcmp(one.key, other.key, sizeof one.key) != 0, "each map has a key of its own");
	vs_map_free(&one);
	vs_map_free(&other);
}

static void
backing_off(void)
{
	bool within = true, grows = false, jitters = false;

	for (int i = 0; i < 200; i++) {
		int64_t first = vs_backoff(1, 500, 30000), fifth = vs_backoff(5, 500, 30000);

		within &= first >= 250 && first <= 500 && fifth >= 4000 && fifth <= 8000;
		grows |= fifth > 4000;
		jitters |= first != vs_backoff(1, 500, 30000);
	}
	ok(within && grows && jitters, "back-off: doubled with each failure, a part left out");
	within = true;
	for (int i = 0; i < 200; i++)
		within &= vs_backoff(100, 500, 30000) >= 15000
			&& vs_backoff(100, 500, 30000) <= 30000;
	ok(within, "... up to the longest, whatever the number of failures");
}

static void
candidates(void)
{
	VS_CANDIDATES_FREE struct vs_candidates c = VS_CANDIDATES_INIT;

	is(vs_candidates_text(&c), "", "no candidates");
	for (int i = 1; i <= 8; i++)
		vs_candidates_add(&c, "'%d'", i);
	is(vs_candidates_text(&c), "'1', '2', '3', '4', '5', '6', '7', '8'", "eight are listed");
	vs_candidates_free(&c);
	for (int i = 1; i <= 10; i++)
		vs_candidates_add(&c, "'%d'", i);
	is(vs_candidates_text(&c), "'1', '2', '3', '4', '5', '6', '7', '8' and 2 more",
		"... and the others are counted");
	is(vs_candidates_text(&c), "'1', '2', '3', '4', '5', '6', '7', '8' and 2 more",
		"... also when asked again");
}

static void
lists(void)
{
	struct vs_strings l = { .secret = true };
	struct vs_list borrowed = { 0 };

	ok(vs_strings_array(&l)[0] == NULL && l.n == 0, "no strings: an array with a NULL");
	vs_strings_add(&l, "b");
	vs_strings_take(&l, vs_strdup("a"));
	for (int i = 0; i < 20; i++)
		vs_strings_add(&l, "c");
	vs_strings_sort(&l);
	ok(l.n == 22 && strcmp(l.v[0], "a") == 0 && strcmp(l.v[1], "b") == 0, "sorted strings");
	ok(vs_strings_array(&l)[22] == NULL, "... and a NULL behind them");
	vs_list_add(&borrowed, l.v[1]);
	ok(borrowed.n == 1 && borrowed.v[0] == l.v[1], "borrowed strings");
	vs_list_free(&borrowed);
	vs_strings_free(&l);
	ok(borrowed.v == NULL && l.v == NULL && l.n == 0 && l.secret, "lists are freed");
}

int
main(void)
{
	char dir[] = "/tmp/vsutils-base-XXXXXX";

	errors();
	buffers();
	memory();
	numbers();
	nearness();
	backing_off();
	candidates();
	if (ok(mkdtemp(dir) != NULL, "a scratch folder"))
		reading(dir);
	ok(rmdir(dir) == 0, "nothing is left in it");
	standard_input();
	logs();
	maps();
	keyed_hash();
	lists();
	return done();
}
