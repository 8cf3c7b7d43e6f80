/* SPDX-License-Identifier: Apache-2.0 */
/* Thumbprints, and files that list them. */
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/tls.h"
#include "tap.h"

static const char pin[] =
	"00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";
static const char other_pin[] =
	"FF:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";
static const char sha1[] = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33";
static char dir[] = "/tmp/vsutils-hosts-XXXXXX";
static int warnings;

static char *
in_dir(const char *name, const char *text)
{
	char *path = vs_printf("%s/%s", dir, name);
	struct vs_err err;

	if (vs_write_file(path, text, strlen(text), 0600, &err) < 0)
		printf("Bail out! %s\n", err.msg);
	return path;
}

static void
reading_pins(void)
{
	static const char *const bad[] = { "", ":", "AA", "SHA256:abc",
		"AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:D",
		"AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DG",
		"AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:",
		"AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE" };
	char got[VS_PIN];

	for (size_t i = 0; i < VS_LEN(bad); i++)
		ok(!vs_pin_read(bad[i], got), bad[i]);
	ok(vs_pin_read("aabbccddeeff00112233445566778899aabbccdd", got), "bare");
	is(got, "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD", "as it is kept");
}

static void
count(enum vs_log_level level, const char *msg)
{
	(void)msg;
	warnings += level == VS_LOG_WARN;
}

static void
known_hosts(void)
{
	VS_FREE char *text =
		vs_printf("# a comment\nvc.example %s\n"
			  "vc.example:8989\t%s\r\n\nVC2.example:443 %s \nbad.example AA:BB\n"
			  "[::1]:443 %s\nfe80::1 %s\ntwice %s\ntwice %s\nlonely\n",
			pin, sha1, pin, pin, pin, other_pin, pin);
	VS_FREE char *file = in_dir("known", text);
	VS_FREE char *more = in_dir("more",
		"third.example aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899");
	VS_FREE char *files = vs_printf("%s/absent:%s:%s", dir, file, more);
	VS_FREE char *twice = vs_printf("%s %s", other_pin, pin);
	struct vs_err err = { 0 };
	static const struct {
		const char *host;
		int port, found;
		const char *pins, *name;
	} row[] = {
		{ "vc.example", 443, 1, pin, "443 is the port if the line has none" },
		{ "vc.example", 444, 0, NULL, "another port" },
		{ "example", 443, 0, NULL, "part of a name" },
		{ "vc2.example", 443, 1, pin, "any case" },
		{ "::1", 443, 1, pin, "IPv6 in brackets" },
		{ "fe80::1", 443, 1, pin, "IPv6 without" },
		{ "third.example", 443, 1,
			"AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99",
			"the last of the files, without a line feed" },
	};
	char *got = NULL;

	vs_log_to(count, 1u << VS_LOG_WARN);
	for (size_t i = 0; i < VS_LEN(row); i++) {
		ok(vs_known_host(files, row[i].host, row[i].port, &got, &err) == row[i].found,
			row[i].name);
		is(got, row[i].pins, "its thumbprint");
		free(got);
	}
	ok(vs_known_host(files, "twice", 443, &got, &err) == 1, "two lines");
	is(got, twice, "both count");
	free(got);
	ok(warnings == 0, "no warning so far");
	ok(vs_known_host(files, "vc.example", 8989, &got, &err) == 1, "a SHA-1");
	is(got, sha1, "is used");
	free(got);
	ok(warnings == 1, "with a warning");
	ok(err.code == VS_ERR_NONE, "no error so far");
	ok(vs_known_host(files, "bad.example", 443, &got, &err) < 0 && err.code == VS_ERR_USAGE,
		"no thumbprint");
	ok(strstr(err.msg, "known:6:"), "file and line are named");
	ok(vs_known_host(files, "lonely", 443, &got, &err) < 0, "nor here");
	vs_log_to(NULL, 0);
	unlink(file);
	unlink(more);
}

int
main(void)
{
	if (mkdtemp(dir) == NULL)
		return 1;
	reading_pins();
	known_hosts();
	rmdir(dir);
	return done();
}
