#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2016,SC2154 # lib.sh, its variables, and awk in quotes
# The house rules of HACKING.md: who may include whom, who prints and who ends
# the process, how long files and functions are.  Each rule is tried on the
# sources, and on a planted breach that it must find.
. "${0%/*}/lib.sh"

# look DIR: its C sources below $look, without comments and without what is in
# strings and characters; lines stay lines, an #include keeps its quotes
look() {
	look=$T/look.$(basename "$1")
	rm -rf "$look"
	(cd "$1" && find libvs cmd tests -name '*.[ch]' 2>/dev/null) | sort >"$T/files"
	sed "s|/[^/]*$||; s|^|$look/|" "$T/files" | sort -u | xargs mkdir -p
	(cd "$1" && each awk -v to="$look" '
	FNR == 1 {
		comment = 0
		quote = ""
		if (out) close(out)
		out = to "/" FILENAME
	}
	!comment && /^[ \t]*#[ \t]*include/ { print >out; next }
	{
		code = ""
		rest = $0
		while (rest != "") {
			if (comment) {
				at = index(rest, "*/")
				if (!at) break
				comment = 0
				rest = substr(rest, at + 2)
			} else if (quote != "") {
				at = match(rest, quote == "\"" ? "[\\\\\"]" : "[\\\\\047]")
				if (!at) break
				if (substr(rest, at, 1) == "\\") at++
				else { code = code quote; quote = "" }
				rest = substr(rest, at + 1)
			} else {
				at = match(rest, "[\"\047]|/[*]|//")
				if (!at) { code = code rest; break }
				code = code substr(rest, 1, at - 1)
				c = substr(rest, at, 1)
				rest = substr(rest, at + RLENGTH)
				if (c != "/") { quote = c; code = code c }
				else if (RLENGTH == 2 && substr($0, length($0) - length(rest), 1) == "/") break
				else comment = 1
			}
		}
		# a string ends with its line, unless that goes on
		if ($0 !~ /\\$/) quote = ""
		print code >out
	}' <"$T/files")
}

# each COMMAND...: with the files on stdin as its arguments, if there are any
each() { xargs -r "$@"; }

# calls WORDS: FILE:LINE:NAME of each call of a function so named, in the
# files on stdin
calls() {
	(cd "$look" && each awk -v words="$1" '
	BEGIN { gsub(/ /, "|", words); call = "(" words ")[ \t]*[(]" }
	$0 ~ call {
		n = split(words, w, "|")
		for (i = 1; i <= n; i++)
			if (match($0, "(^|[^A-Za-z0-9_.>])" w[i] "[ \t]*[(]"))
				print FILENAME ":" FNR ":" w[i]
	}')
}

# --- the rules: each prints the breaches in $look

floors='base 0 text 1 net 1 run 2 rke2 2 doc 2 vim 3 kube 3 ign 3
	inventory 4 butane 4 guestinfo 4 engine 5 vm 5 worker 5 check 6'

includes() {
	(cd "$look" && each awk -v map="$floors" '
	BEGIN {
		n = split(map, w, " ")
		for (i = 1; i < n; i += 2) floor[w[i]] = w[i + 1]
	}
	FNR == 1 {
		split(FILENAME, part, "/")
		mine = part[2]
		if (part[1] == "libvs" && !(mine in floor))
			print FILENAME ": a folder on no floor"
	}
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		split($0, q, "\"")
		path = q[2]
		k = split(path, p, "/")
		if (part[1] == "tests" && (k == 1 || path ~ "^[.][.]/fuzz/[^/]*$")) next
		if (k != 2 || !(p[1] in floor))
			print FILENAME ":" FNR ": " path " is no FOLDER/HEADER of libvs"
		else if (part[1] == "libvs" && p[1] != mine && floor[p[1]] >= floor[mine])
			print FILENAME ":" FNR ": " path " is not on a lower floor"
	}' <"$T/files")
}

libvs() { grep '^libvs/' "$T/files"; }
ours() { grep -E '^(libvs|cmd)/' "$T/files"; }

prints() {
	libvs | grep -v -e '^libvs/run/' -e '^libvs/base/assert.c' |
		calls 'printf vprintf fprintf vfprintf dprintf vdprintf puts fputs putchar putc fputc perror warn warnx err errx'
	libvs | grep -v -e '^libvs/run/' -e '^libvs/base/assert.c' | (cd "$look" && each grep -nHE \
		'(^|[^A-Za-z0-9_])(stdout|stderr|STDOUT_FILENO|STDERR_FILENO)([^A-Za-z0-9_]|$)|(^|[^A-Za-z0-9_.>])write *\( *[12] *,') |
		grep -v '^libvs/base/mem\.c:.*write(2, msg'
}

# Out of memory ends the process, in base/mem, and a second signal, in run/.
ends() {
	libvs | grep -vx -e libvs/base/mem.c -e libvs/base/assert.c -e 'libvs/run/.*' |
		calls 'exit _exit _Exit quick_exit abort err errx verr'
	libvs | grep '^libvs/run/' | calls 'exit quick_exit abort err errx'
}

banned() {
	libvs | grep -vx libvs/base/err.c | calls strcat
	ours | calls 'sprintf vsprintf strcpy stpcpy strtok atoi atol atof gets system popen tmpnam mktemp alloca'
	ours | (cd "$look" && each grep -nHE '^[ 	]*typedef[ ]+(struct|union)')
}

# Which files are opened, and how, is decided in base/file.c: also where a library would
# open one by name.
opens() {
	ours | grep -vx libvs/base/file.c | grep -vx libvs/base/keyring.c | calls 'open open64 openat openat2 creat creat64 fopen fopen64 freopen tmpfile mkstemp mkostemp mkstemps mkdtemp opendir scandir syscall mkfifo mknod json_load_file json_dump_file gzopen xmlReadFile xmlParseFile xmlSAXUserParseFile BIO_new_file SSL_CTX_load_verify_locations SSL_CTX_load_verify_file SSL_CTX_use_PrivateKey_file SSL_CTX_use_certificate_file SSL_CTX_use_certificate_chain_file X509_STORE_load_locations X509_STORE_load_file RAND_load_file'
	ours | (cd "$look" && each grep -nHE 'CURLOPT_(CAINFO|CAPATH|CRLFILE|SSLCERT|SSLKEY|PROXY_[A-Z]+|NETRC_FILE|COOKIEFILE|COOKIEJAR|ALTSVC|HSTS)([^A-Z_]|$)' | grep -v 'NULL) *;')
}

# unreached DIR: bounds that no test names
unreached() {
	sed -n 's/^\tX(\([A-Z_]*\),.*/\1/p' "$1/libvs/base/bounds.h" | while read -r bound; do
		grep -rqE --include='*.t' --include='*.c' --exclude=lower.c \
			"VS_BOUND_$bound([^A-Z_]|\$)|(^|[^A-Z_])$bound=" "$1/tests" || echo "$bound is reached by no test"
	done
}

lengths() {
	(cd "$look" && each awk '
	function check() {
		max = name ~ /^cmd\// ? 300 : 500
		if (n > max) print name ": " n " lines, at most " max
	}
	FNR == 1 { check(); name = FILENAME }
	{ n = FNR }
	END { check() }' <"$T/files")
}

functions() {
	(cd "$look" && each awk '
	FNR == 1 { start = 0 }
	/^\{/ { start = FNR; name = before }
	/^\}/ && start {
		if (FNR - start + 1 > 60)
			print FILENAME ":" start ": " name ": " FNR - start + 1 " lines, at most 60"
		start = 0
	}
	/^[A-Za-z_].*[(]/ { before = $0 }' <"$T/files")
}

# headers DIR: of the sources themselves, as the first line is a comment
headers() {
	(cd "$1" && grep '^libvs/.*\.h$' "$T/files" | each awk -v map="$floors" '
	BEGIN {
		n = split(map, w, " ")
		for (i = 1; i < n; i += 2) floor[w[i]] = w[i + 1]
	}
	# the licence, then a sentence that may go on in the next line
	FNR == 1 { licence = $0; next }
	FNR == 2 { first = $0 }
	FNR == 3 {
		split(FILENAME, part, "/")
		want = "/* " part[3] " - "
		end = "  Floor " floor[part[2]] "."
		if (licence != "/* SPDX-License-Identifier: Apache-2.0 */")
			print FILENAME ": it does not begin with its licence"
		else if (substr(first, 1, length(want)) != want || !index(first $0, end))
			print FILENAME ": it does not go on with \"" want "...." end "\""
	}')
}

# openings DIR: each .c of libvs and cmd says behind its licence what it is for
openings() {
	(cd "$1" && grep -E '^(libvs|cmd)/.*\.c$' "$T/files" | each awk '
	FNR == 1 { ok = $0 == "/* SPDX-License-Identifier: Apache-2.0 */" }
	FNR == 2 && !(ok && $0 ~ /^\/\* ./) { print FILENAME ": no opening comment behind the licence" }')
}

# statics: a static function of libvs starts with the name of its file, so that no
# two files have one of the same name
statics() {
	(cd "$look" && grep '^libvs/.*\.c$' "$T/files" | each awk '
	FNR == 1 {
		n = split(FILENAME, part, "/")
		noun = substr(part[n], 1, length(part[n]) - 2)
		static = 0
	}
	# "static int" and the name in the next line; a prototype in one line
	/^static / && !/[=;]/ && !/\(/ { static = 1; next }
	static || (/^static / && /\(/ && !/=/) {
		if (match($0, /[a-z_0-9]+\(/)) {
			name = substr($0, RSTART, RLENGTH - 1)
			if (name != noun && index(name, noun "_") != 1)
				print FILENAME ":" FNR ": " name " does not start with " noun "_"
			if ((name in file) && file[name] != FILENAME)
				print FILENAME ":" FNR ": " name " is also in " file[name]
			file[name] = FILENAME
		}
		static = 0
	}')
}

# --- the sources

look "$top"
n=$(wc -l <"$T/files")
[ "$n" -gt 30 ]
ok $? "there are sources to look at ($n files)"
# none NAME RULE...: it finds nothing
none() {
	name=$1
	shift
	"$@" >"$T/found"
	[ ! -s "$T/found" ]
	ok $? "$name" || diag "$(head -n 20 "$T/found")"
}
none "a file includes its own folder's headers and those of lower floors" includes
none "only run/ and cmd/ print" prints
none "the library does not end the process" ends
none "nothing that is banned is called, no struct is typedef'd" banned
none "only base/file.c opens files" opens
none "a test reaches each bound" unreached "$top"
none "no file is longer than 500 lines, no tool than 300" lengths
none "no function is longer than 60 lines" functions
none "a header's first line says what it is and its floor" headers "$top"
none "a source says what it is for behind its licence" openings "$top"
none "a static function starts with the name of its file, and no other file has it" statics
# --- planted breaches

house=$T/house
# plant FILE <text: the only file in the house
plant() {
	rm -rf "$house"
	mkdir -p "$house/${1%/*}"
	cat >"$house/$1"
	look "$house"
}
# found WANT NAME RULE...: what it prints has this in it
found() {
	want=$1 name=$2
	shift 2
	out=$("$@")
	like "$out" "$want" "found: $name"
}

plant libvs/text/a.c <<'X'
#include <stdio.h>
#include "base/err.h"
#include "text/b.h"
#include "net/http.h"
#include "vim/call.h"
#include "err.h"
#include "../base/err.h"
/* #include "vim/call.h" */
X
out=$(includes)
is "$out" 'libvs/text/a.c:4: net/http.h is not on a lower floor
libvs/text/a.c:5: vim/call.h is not on a lower floor
libvs/text/a.c:6: err.h is no FOLDER/HEADER of libvs
libvs/text/a.c:7: ../base/err.h is no FOLDER/HEADER of libvs' "found: floors, and nothing else"
echo '#include "base/err.h"' | plant libvs/cellar/a.c
found 'a folder on no floor' "a folder that nobody knows" includes
printf '#include "vim/x.h"\n#include "ign/x.h"\n#include "tap.h"\n' | plant cmd/a.c
is "$(includes)" 'cmd/a.c:3: tap.h is no FOLDER/HEADER of libvs' "found: a tool may include any floor"

plant libvs/vim/a.c <<'X'
/* printf("in a comment"); exit(1); strcpy(a, b); */
// fputs("x", stderr);
const char *s = "printf(\"in a string\"); exit(1)", q = '"'; vs_printf("x"); p->exit(1);
snprintf(s, n, "x"); my_exit(1); // exit(1)
X
is "$(prints; ends; banned)" '' "words in comments, strings and other names are no calls"
for call in 'printf("x")' 'fputs (s, f)' 'dprintf(1, "x")' 'perror("x")' 'write(2, s, n)' 'f(stderr)'; do
	echo "	$call; /* x" | plant libvs/vim/a.c
	found '^libvs/vim/a.c:1:' "$call" prints
done
echo 'void f(void) { printf("x"); exit(1); _exit(1); }' | plant libvs/run/say.c
is "$(prints)" '' "run/ may print"
is "$(ends)" libvs/run/say.c:1:exit "... and end the process by _exit only"
echo 'void f(void) { printf("x"); exit(1); }' | plant cmd/a.c
is "$(prints; ends)" '' "a tool may"
for call in 'exit(1)' 'abort()' '_exit (2)'; do
	echo "	if (x) $call;" | plant libvs/base/err.c
	found '^libvs/base/err.c:1:' "$call" ends
done
for call in 'strcpy(a, b)' 'x = atoi(s)' 'sprintf(s, "x")' 'strcat(a, b)' 'system("x")' 'typedef struct x y'; do
	echo "$call;" | plant libvs/ign/a.c
	found '^libvs/ign/a.c:1:' "$call" banned
done
echo 'n = atoi(argv[1]);' | plant cmd/a.c
found '^cmd/a.c:1:atoi' "in a tool, too" banned

for call in 'open(path, O_RDONLY)' 'f = fopen(path, "r")' 'openat (dir, "x", 0)' 'x = json_load_file(path, 0, &e)' \
	'curl_easy_setopt(c, CURLOPT_CAINFO, path)'; do
	echo "$call;" | plant libvs/net/a.c
	found '^libvs/net/a.c:1:' "$call" opens
done
echo 'open(path, O_RDONLY); vs_open_input(path); posix_spawn_file_actions_addopen(&fa, 0, "x", 0, 0);' | plant libvs/base/file.c
is "$(opens)" '' "base/file.c may, and what is named alike is no call"
echo 'vs_open_input(path); posix_spawn_file_actions_addopen(&fa, 0, "x", 0, 0);' | plant libvs/net/a.c
is "$(opens)" '' "... elsewhere, too"

printf '\tX(A_MS, 1)\n\tX(B, 1)\n\tX(B_MAX, 1)\n' | plant libvs/base/bounds.h
mkdir -p "$house/tests"
echo 'BOUNDS="A_MS=1 B_MAX=1" x' >"$house/tests/a.t"
is "$(unreached "$house")" 'B is reached by no test' "a bound that no test names"

seq 501 | plant libvs/vim/a.c
found 'libvs/vim/a.c: 501 lines' "a long file" lengths
seq 500 | plant libvs/vim/a.c
is "$(lengths)" '' "... one line less is allowed"
seq 301 | plant cmd/a.c
found 'cmd/a.c: 301 lines' "a long tool" lengths
{ printf 'int\nlong_one(int a)\n{\n'; seq 59; echo '}'; } | plant tests/unit/a.c
found 'tests/unit/a.c:3: long_one\(int a\): 61 lines' "a long function" functions
{ printf 'int\nlong_one(int a)\n{\n'; seq 58; echo '}'; } | plant tests/unit/a.c
is "$(functions)" '' "... one line less is allowed"

spdx='/* SPDX-License-Identifier: Apache-2.0 */'
printf '%s\n/* a.h - something.  Floor 3. */\n\n' "$spdx" | plant libvs/vim/a.h
is "$(headers "$house")" '' "a header as it should be"
for line in '/* b.h - something.  Floor 3. */' '/* a.h - something.  Floor 2. */' '/* a.h */' '#include <x.h>'; do
	printf '%s\n%s\n\n' "$spdx" "$line" | plant libvs/vim/a.h
	found '^libvs/vim/a.h: ' "$line" headers "$house"
done

printf '/* a.h - something.  Floor 3. */\n\n\n' | plant libvs/vim/a.h
found 'does not begin with its licence' "a header without one" headers "$house"

printf '%s\n/* a - b */\n' "$spdx" | plant libvs/vim/a.c
is "$(openings "$house")" '' "a source as it should be"
printf '%s\n#include <x.h>\n' "$spdx" | plant cmd/a.c
found '^cmd/a.c: no opening comment' "a source that does not say what it is for" openings "$house"
printf '/* a - b */\n\n' | plant libvs/vim/a.c
found '^libvs/vim/a.c: no opening comment' "... or has no licence" openings "$house"

printf 'static int\na_one(int x)\n{\n}\nstatic const int a[] = { f(1) };\nstatic bool a(int x);\n' | plant libvs/vim/a.c
is "$(statics)" '' "statics as they should be"
printf 'static int\none(int x)\n{\n}\n' | plant libvs/vim/a.c
found 'a.c:2: one does not start with a_' "a static without its file's noun" statics
mkdir -p "$house/libvs/net"
printf 'static int\na_one(int x)\n{\n}\n' >"$house/libvs/vim/a.c"
cp "$house/libvs/vim/a.c" "$house/libvs/net/a.c"
look "$house"
found 'a_one is also in' "... and two files with the same one" statics

done_testing
