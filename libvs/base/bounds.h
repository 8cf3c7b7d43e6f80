/* SPDX-License-Identifier: Apache-2.0 */
/* bounds.h - what a server, a guest or a file may cost: a contract.  Floor 0.
 *
 * Each bound is written once, here, and a test reaches it.  Past a bound the
 * transfer ends at once, with an error that names the bound; nothing is cut off in
 * silence.  Limits that belong to a format (a token, a URL) stand with that format. */
#ifndef VS_BASE_BOUNDS_H
#define VS_BASE_BOUNDS_H

#include <stdint.h>

/* X(name, value): milliseconds, bytes, or a number of things.
 *
 * Time: a call ends after CALL_MS in all, a login or a write after WRITE_MS.  Long polls
 * and watches have only an idle limit; file transfers only a least rate. */
/* clang-format off */
#define VS_BOUNDS(X) \
	X(CONNECT_MS,        10 * 1000) /* name, connection and TLS together */ \
	X(IDLE_MS,           60 * 1000) /* without a byte in either direction */ \
	X(CALL_MS,          600 * 1000) \
	X(WRITE_MS,         120 * 1000) \
	X(RETRY_MS,         120 * 1000) /* a read is retried so long, without --timeout */ \
	X(GRACE_MS,          10 * 1000) /* what runs may end after the first signal */ \
	X(CLEANUP_MS,        10 * 1000) /* view, collector and session are released */ \
	X(RATE_BYTES,             1024) /* a second, of a file transfer, */ \
	X(RATE_MS,           60 * 1000) /* on average over this time */ \
	X(PAUSE_MS,                100) /* before what brought nothing new is asked again; */ \
	X(PAUSE_MAX_MS,      10 * 1000) /* doubled each time, up to this */ \
	X(EMPTY_MS,               1000) /* an empty answer to a long poll that comes sooner \
					 * brought nothing new */ \
	X(LOOKS,                    60) /* how often one job looks at its VM again */ \
	X(LOSSES,                    5) /* lost responses to writes of one job */ \
	X(RETRIES,                   8) /* of one job, while another task works on its VM */ \
	X(ANSWER,            256 << 20) /* decoded body of an answer */ \
	X(REFUSAL,             1 << 20) /* the same, with an HTTP status of 400 or more: \
					 * SOAP faults, too */ \
	X(HEADERS,           100 << 10) /* of an answer, with those of 1xx before it */ \
	X(OVERHEAD,          100 << 10) /* received in one go, and neither header nor body; \
					 * also of a proxy's answer to CONNECT */ \
	X(TAG,                64 << 10) /* one XML tag with its attributes */ \
	X(DEPTH,                   100) /* nested elements, objects or arrays */ \
	X(OBJECT,              4 << 20) /* one JSON object of a list or watch, or of an answer \
					 * that is one: etcd's limit is 1.5 MiB */ \
	X(VALUES,           100 * 1000) /* in such an object */ \
	X(PATH,               16 << 10) /* of an inventory path, in bytes */ \
	X(OBJECTS,         2000 * 1000) /* of one list, over all its pages */ \
	X(TREE,              512 << 20) /* memory of a parsed answer; items of a list singly */ \
	X(PIECE,              32 << 10) /* bytes that a parser works on before the loop hears \
					 * signals and --timeout again */
/* clang-format on */

#define VS_BOUND_NAME(name, value) VS_BOUND_##name,
enum vs_bound { VS_BOUNDS(VS_BOUND_NAME) VS_BOUND_COUNT };
#undef VS_BOUND_NAME

/* The value.  A function, so that the tests can link a tool with lower bounds
 * (tests/lower.c). */
int64_t vs_bound(enum vs_bound which);

#endif
