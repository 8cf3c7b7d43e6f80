/* SPDX-License-Identifier: Apache-2.0 */
/* Proxies that libcurl would misread.  Not in url.c, which programs without libcurl
 * use, too. */
#include <curl/curl.h>
#include <string.h>

#include "base/mem.h"
#include "net/url.h"

/* libcurl's message about a proxy that it cannot parse quotes all of it, and one whose user
 * name or password it cannot decode is not used: the connection would be direct. */
static bool
url_proxy_is_curls(const char *s)
{
	CURLU *u = curl_url();
	char *host = NULL, *user = NULL, *password = NULL;
	CURLUcode got = CURLUE_OUT_OF_MEMORY;
	bool good;

	if (u)
		got = curl_url_set(
			u, CURLUPART_URL, s, CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME);
	good = got == CURLUE_OK && curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK;
	if (good) {
		got = curl_url_get(u, CURLUPART_USER, &user, CURLU_URLDECODE);
		good = got == CURLUE_OK || got == CURLUE_NO_USER;
		got = curl_url_get(u, CURLUPART_PASSWORD, &password, CURLU_URLDECODE);
		good &= got == CURLUE_OK || got == CURLUE_NO_PASSWORD;
	}
	if (password)
		vs_wipe(password, strlen(password));
	curl_free(host);
	curl_free(user);
	curl_free(password);
	curl_url_cleanup(u);
	return good;
}

int
vs_url_check_proxy(const char *s, struct vs_err *err)
{
	static const char *const schemes[] = { "http://", "https://", "socks4://", "socks4a://",
		"socks5://", "socks5h://" };
	const char *rest = s, *at;
	struct vs_url u = { 0 };
	VS_SECRET char *https = NULL;

	for (size_t i = 0; i < VS_LEN(schemes); i++)
		if (strncasecmp(s, schemes[i], strlen(schemes[i])) == 0)
			rest = s + strlen(schemes[i]);
	at = strchr(rest, '@');
	/* libcurl takes the first, and what follows for the host */
	if (at && strchr(at + 1, '@'))
		return vs_fail(err, VS_ERR_USAGE,
			"the URL has a second '@': write '@' in a user name or password as %%40");
	https = vs_printf("https://%s", rest);
	if (vs_url_parse(https, &u, err) < 0)
		return -1;
	vs_url_free(&u);
	if (!url_proxy_is_curls(s))
		return vs_fail(err, VS_ERR_USAGE,
			"the URL has an invalid address, or a control character in its user name or password");
	return 0;
}
