/* Ignition: the bytes as a config. */
#include <string.h>

#include "base/mem.h"
#include "fuzz.h"
#include "ign/guestinfo.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	VS_IGN_FACTS_FREE struct vs_ign_facts f = { 0 };
	VS_BUF_FREE struct vs_buf packed = VS_BUF_INIT;
	struct vs_err err = { 0 }, err2 = { 0 };
	const char *s = (const char *)data;
	int facts = vs_ign_facts(s, n, &f, &err);

	must(facts == vs_ign_pack(s, n, &packed, &err2),
		"what has facts can be packed, and only that");
	if (facts < 0)
		must(err.code == VS_USAGE && err.msg[0] && strcmp(err.msg, err2.msg) == 0,
			"a refusal says why, both times the same");
	else
		must(f.version != NULL, "a config has a version");
	return 0;
}
