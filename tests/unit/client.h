/* SPDX-License-Identifier: Apache-2.0 */
/* client.h - requests of unit tests, and what became of them. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "net/http.h"

struct result {
	int ended; /* how often end() was called */
	enum vs_http_end how;
	int status, first_status; /* at the end; when data() came first */
	long retry_after;
	struct vs_err err;
	struct vs_buf body;
	int refuse; /* data() returns -1 from that call on; 0: never */
	int datas;
	bool exceeded;
};

static struct vs_loop *loop;
static int patience = 1; /* times that limits are extended: memcheck is slow */
static int pending;	 /* requests sent and not ended */

static int
result_data(struct vs_http_req *r, const char *p, size_t n)
{
	struct result *to = r->arg;

	if (++to->datas == 1)
		to->first_status = r->status;
	if (to->refuse && to->datas >= to->refuse)
		return -1;
	vs_buf_add(&to->body, p, n);
	return 0;
}

static void
result_end(struct vs_http_req *r, enum vs_http_end how)
{
	struct result *to = r->arg;

	to->ended++;
	to->how = how;
	to->status = r->status;
	to->retry_after = r->retry_after;
	to->err = r->err;
	to->exceeded = r->exceeded;
	pending--;
}

/* Not sent yet, so that the test may change it. */
static inline struct vs_http_req *
prepare(struct result *to, const char *method, const char *url, const char *body)
{
	struct vs_http_req *r = vs_http_req(method, vs_strdup(url));

	vs_buf_free(&to->body);
	*to = (struct result){ .body = VS_BUF_INIT, .refuse = to->refuse };
	if (body)
		vs_buf_str(&r->body, body);
	r->data = result_data;
	r->end = result_end;
	r->arg = to;
	return r;
}

static inline void
post_req(struct vs_http *h, struct vs_http_req *r)
{
	pending++;
	vs_http_send(h, r);
}

/* Turn until nothing is pending; false after 20 s. */
static inline bool
settle(void)
{
	int64_t end = vs_now() + 20000 * patience;

	while (pending > 0 && vs_now() < end)
		vs_loop_turn(loop, 200);
	return pending == 0;
}

static inline struct result *
fetch(struct vs_http *h, struct result *to, const char *method, const char *url, const char *body,
	bool write)
{
	struct vs_http_req *r = prepare(to, method, url, body);

	r->write = write;
	post_req(h, r);
	settle();
	return to;
}

/* At the start of a test.  The builder's own way out must not show in it. */
static inline void
begin_clients(void)
{
	const char *under = getenv("UNDER");
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
		"no_proxy", "NO_PROXY" };

	for (size_t i = 0; i < VS_LEN(names); i++)
		unsetenv(names[i]);
	patience = under && strcmp(under, "valgrind") == 0 ? 10 : 1;
}

static inline struct vs_http *
open_client(const struct vs_http_conf *conf)
{
	struct vs_err err;
	struct vs_http *h = vs_http_open(loop, conf, &err);

	if (h == NULL) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	return h;
}
