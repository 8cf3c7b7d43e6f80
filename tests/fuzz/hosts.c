/* SPDX-License-Identifier: Apache-2.0 */
/* Known hosts: the bytes as a file, and each line of it as a thumbprint. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "fuzz.h"
#include "net/tls.h"

static void
pin_is_good(const char *pin)
{
	char again[VS_PIN];

	must(strlen(pin) == 32 * 3 - 1 || strlen(pin) == 20 * 3 - 1, "a pin is a digest");
	must(strspn(pin, "0123456789ABCDEF:") == strlen(pin), "in upper case, with colons");
	must(vs_pin_read(pin, again) && strcmp(pin, again) == 0, "a pin is read again");
}

static int
look_up(const char *file, const char *host, int port)
{
	VS_FREE char *pins = NULL, *again = NULL, *copy = NULL;
	struct vs_err err = { 0 };
	int found = vs_known_host(file, host, port, &pins, &err);
	char *save = NULL;

	must((found > 0) == (pins != NULL), "pins are set if there are any");
	copy = vs_strdup(pins);
	for (char *p = copy ? strtok_r(copy, " ", &save) : NULL; p; p = strtok_r(NULL, " ", &save))
		pin_is_good(p);
	if (found > 0)
		must(*pins != '\0', "... at least one");
	else if (found < 0)
		must(err.code == VS_ERR_USAGE && err.msg[0], "an error has a message");
	else
		must(err.code == 0, "a host that the file does not have is not an error");
	must(vs_known_host(file, host, port, &again, &err) == found
			&& (pins == NULL || strcmp(pins, again) == 0),
		"the same file gives the same answer");
	return found;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	VS_CLOSEFD int fd = memfd_create("hosts", MFD_CLOEXEC);
	VS_FREE char *file = vs_printf("/proc/self/fd/%d", fd);
	VS_FREE char *all = vs_strndup((const char *)data, n);
	VS_FREE char *line = vs_strndup(all, strcspn(all, "\n"));
	char pin[VS_PIN];
	struct vs_err err;

	must(fd >= 0 && vs_write_fd(fd, data, n, &err) == 0, "there is a file");
	if (vs_pin_read(line, pin))
		pin_is_good(pin);
	must(strcasestr(all, "vc.example") || look_up(file, "vc.example", 443) == 0,
		"only a host that is in the file is found");
	look_up(file, "vc.example", 443);
	look_up(file, "vc.example", 8443);
	look_up(file, "2001:db8::1", 443);
	look_up(file, "10.0.0.1", 443);
	return 0;
}
