/* SPDX-License-Identifier: Apache-2.0 */
/* guest.c - find the address of a guest in GuestInfo.net.
 *
 * ipConfig.ipAddress is read, or ipAddress of servers that do not have it. */
#include <arpa/inet.h>
#include <string.h>

#include "vm/guest.h"

static bool
guest_reachable(const char *s, bool v6)
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, s, &four) == 1) {
		unsigned a = ntohl(four.s_addr);

		return !v6 && a >> 24 != 127 && a >> 16 != 0xa9fe && a != 0;
	}
	return v6 && inet_pton(AF_INET6, s, &six) == 1 && !IN6_IS_ADDR_LINKLOCAL(&six)
		&& !IN6_IS_ADDR_LOOPBACK(&six) && !IN6_IS_ADDR_UNSPECIFIED(&six);
}

/* The addresses of one interface, in the new form (ipConfig) or the old (ipAddress). */
static struct vs_node *
guest_addresses(struct vs_node *nic, const char **in_each)
{
	struct vs_node *n = vs_node_at(nic, "ipConfig/ipAddress");

	*in_each = n ? "ipAddress" : NULL;
	return n ? n : vs_node_at(nic, "ipAddress");
}

static const char *
guest_text(struct vs_node *n, const char *in_each)
{
	const char *s = in_each ? vs_node_text(n, in_each) : n->text;

	return s ? s : "";
}

const char *
vs_guest_address(struct vs_node *net, bool v6)
{
	struct vs_node *nic = vs_node_at(net, "GuestNicInfo");

	for (; nic; nic = vs_node_next(nic)) {
		const char *in_each;
		struct vs_node *n = guest_addresses(nic, &in_each);

		if (vs_node_int(nic, "deviceConfigId", -1) < 0)
			continue;
		for (; n; n = vs_node_next(n))
			if (guest_reachable(guest_text(n, in_each), v6))
				return guest_text(n, in_each);
	}
	return NULL;
}

void
vs_guest_others(struct vs_node *net, struct vs_buf *words)
{
	struct vs_node *nic = vs_node_at(net, "GuestNicInfo");

	for (; nic; nic = vs_node_next(nic)) {
		const char *in_each;
		struct vs_node *n = guest_addresses(nic, &in_each);

		for (; n; n = vs_node_next(n))
			vs_buf_fmt(words, "%s%s", words->len ? ", " : "", guest_text(n, in_each));
	}
}
