/* SPDX-License-Identifier: Apache-2.0 */
/* bare-get - one HTTPS GET and nothing else.  Linked with the libraries of a
 * tool, it shows what they alone cost.  Prints its peak RSS in KiB.
 *
 * usage: bare-get URL CA-FILE */
#include <curl/curl.h>
#include <stdio.h>
#include <sys/resource.h>

static size_t
take(char *p, size_t size, size_t n, void *arg)
{
	(void)p;
	(void)arg;
	return size * n;
}

int
main(int argc, char **argv)
{
	struct rusage use;
	CURLcode code;
	CURL *easy;

	if (argc != 3)
		return 2;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	easy = curl_easy_init();
	curl_easy_setopt(easy, CURLOPT_URL, argv[1]);
	curl_easy_setopt(easy, CURLOPT_CAINFO, argv[2]);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
	code = curl_easy_perform(easy);
	curl_easy_cleanup(easy);
	curl_global_cleanup();
	if (code != CURLE_OK) {
		fprintf(stderr, "bare-get: %s\n", curl_easy_strerror(code));
		return 1;
	}
	getrusage(RUSAGE_SELF, &use);
	printf("%ld\n", use.ru_maxrss);
	return 0;
}
