/* SPDX-License-Identifier: Apache-2.0 */
/* Options: base/opt. */
#include "base/opt.h"
#include "base/mem.h"
#include "tap.h"

/* As a tool has it: two tables fill parts of one struct. */
static struct whole {
	bool flag;
	const char *str;
	struct vs_list list;
	int64_t num;
	struct part {
		int64_t pos, size, dur;
		const char *word, *maybe, *str;
	} part;
} o;

static const struct vs_opt
	first[] = { { 'f', "flag", VS_OPT_FLAG, offsetof(struct whole, flag), NULL, "a flag" },
		{ 's', "str", VS_OPT_STR, offsetof(struct whole, str), "TEXT", "a text" },
		{ 'l', "list", VS_OPT_LIST, offsetof(struct whole, list), "ITEM", "an item" },
		{ 'n', NULL, VS_OPT_NUM, offsetof(struct whole, num), "N", "a number" }, { 0 } },
	second[] = { { 'p', "pos", VS_OPT_POS, offsetof(struct part, pos), "N", "one at least" },
		{ 0, "size", VS_OPT_SIZE, offsetof(struct part, size), "SIZE", "a size" },
		{ 0, "dur", VS_OPT_DUR, offsetof(struct part, dur), "DUR", "a time" },
		{ 'w', "word", VS_OPT_WORD, offsetof(struct part, word), "on|off", "one of two" },
		{ 't', "maybe", VS_OPT_MAYBE, offsetof(struct part, maybe), "FILE",
			"with a file or without" },
		{ 0, "there", VS_OPT_NOT, 0, NULL, "use -s" },
		{ 0, "with-a-long-name-of-its-own", VS_OPT_STR, offsetof(struct part, str), "X",
			"long" },
		{ 0 } },
	third[] = {
		{ 0, "x", VS_OPT_FLAG, offsetof(struct whole, flag), NULL,
			"123456789 123456789 123456789 123456789 1234567 and on" },
		{ 0, "y", VS_OPT_FLAG, offsetof(struct whole, flag), NULL,
			"123456789 123456789 123456789 123456789 12345678 and on" },
		{ 0 },
	};
static const struct vs_opt_group groups[] = { { first, &o }, { second, &o.part }, { 0 } };

static struct vs_err err;
static char *argv[32];
static int operands;

/* A command line in words, "|" between them. */
static int
parse(const char *line)
{
	static char copy[200];
	int n = 1;

	vs_opt_free(groups);
	o = (struct whole){ .num = -1, .part = { .pos = -1, .size = -1, .dur = -1 } };
	snprintf(copy, sizeof copy, "%s", line);
	argv[0] = copy + sizeof copy - 1;
	for (char *s = copy; *line && s; n++) {
		argv[n] = s;
		s = strchr(s, '|');
		if (s)
			*s++ = '\0';
	}
	argv[n] = NULL;
	return vs_opt_parse(groups, n, argv, &operands, &err);
}

static void
values(void)
{
	ok(parse("") == 0 && operands == 0, "nothing");
	ok(parse("-f|-s|x|-l|a|--list=b|--list|c|-n|0|-p1") == 0 && operands == 0,
		"letters and names");
	ok(o.flag && o.num == 0 && o.part.pos == 1, "... a flag, numbers");
	is(o.str, "x", "... a text");
	ok(o.list.n == 3 && strcmp(o.list.v[2], "c") == 0, "... a list, in order");
	vs_opt_free(groups);
	ok(o.list.n == 0 && o.list.v == NULL, "... which is freed");
	ok(parse("--size=8G|--dur|1h|--word=off|--maybe=x|--str=") == 0 && o.part.size == 8ll << 30
			&& o.part.dur == 3600000,
		"a size and a time");
	is(o.part.word, "off", "... a word");
	is(o.part.maybe, "x", "... one with an argument");
	is(o.str, "", "... an empty argument");
	ok(parse("-t|x") == 0 && operands == 1, "one without");
	is(o.part.maybe, "", "... takes no word that follows");
	ok(parse("-fsabc") == 0 && o.flag, "letters together");
	is(o.str, "abc", "... the last one's argument behind it");
	ok(parse("-s|-x|--str|--flag") == 0 && !o.flag, "an argument that looks like an option");
	is(o.str, "--flag", "... and the last one holds");
}

static void
operand(void)
{
	ok(parse("a|-f|b|-|--|-s|--") == 0 && operands == 5 && o.flag && o.str == NULL,
		"operands between the options, and behind --");
	is(argv[1], "a", "... the first");
	is(argv[2], "b", "... the second");
	is(argv[3], "-", "... a dash is one");
	is(argv[4], "-s", "... what follows -- is one");
	is(argv[5], "--", "... the second -- too");
}

static void
bad(const char *line, const char *why)
{
	if (!ok(parse(line) == -1 && err.code == VS_ERR_USAGE && strcmp(err.msg, why) == 0, line))
		printf("# %s\n", err.msg);
}

static void
errors(void)
{
	bad("--flagg", "unknown option '--flagg': did you mean '--flag'");
	bad("--sise=3", "unknown option '--sise': did you mean '--size'");
	bad("--nothing-like-it", "unknown option '--nothing-like-it'");
	bad("--fla", "unknown option '--fla': did you mean '--flag'");
	bad("-x", "unknown option '-x'");
	bad("-fx", "unknown option '-x' in '-fx'");
	bad("-size|3G", "unknown option '-size': did you mean '--size'");
	bad("-size=3G", "unknown option '-size': did you mean '--size=3G'");
	bad("-flag=true", "unknown option '-flag': did you mean '--flag'");
	bad("-p=4", "'-p=4': write '-p 4'");
	bad("-fp=4", "'-fp=4': write '-p 4'");
	bad("-s=", "'-s=': write '-s TEXT'");
	bad("-s=secret", "'-s=': write '-s TEXT'");
	bad("-fs=secret", "'-fs=': write '-s TEXT'");
	bad("-xsecret", "unknown option '-x'");
	bad("-fxsecret", "unknown option '-x' in '-fx'");
	bad("-fx=secret", "unknown option '-x' in '-fx'");
	bad("-str=secret", "unknown option '-str': did you mean '--str=TEXT'");
	bad("-f=true", "-f takes no argument");
	bad("--there", "unknown option '--there': use -s");
	bad("-there=x", "unknown option '-there': use -s");
	bad("--thera", "unknown option '--thera'");
	bad("--flag=1", "--flag takes no argument");
	bad("--str", "--str needs an argument: TEXT");
	bad("-s", "-s needs an argument: TEXT");
	bad("-n|x", "-n: 'x' is not an integer");
	bad("-n|-1", "-n: '-1' is not between 0 and 2147483647");
	bad("--pos=0", "--pos: '0' is not between 1 and 2147483647");
	bad("--word=no", "--word: 'no' is not one of on|off");
	bad("--word=", "--word: '' is not one of on|off");
	bad("--word=on|off|--word|on|off|--word=onoff", "--word: 'onoff' is not one of on|off");
	bad("--dur=5", "--dur: '5' is not a duration like 90s, 15m or 1h");
	ok(vs_opt_word("a|b|c", "b") && vs_opt_word("a|b|c", "c") && !vs_opt_word("a|b|c", "a|b")
			&& !vs_opt_word("a|b|c", "") && !vs_opt_word("abc", "ab"),
		"one of the words");
}

static void
shown(void)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	vs_opt_help(second, &b);
	is(b.s,
		"  -p, --pos=N                   one at least\n"
		"      --size=SIZE               a size\n"
		"      --dur=DUR                 a time\n"
		"  -w, --word=on|off             one of two\n"
		"  -t, --maybe[=FILE]            with a file or without\n"
		"      --with-a-long-name-of-its-own=X\n"
		"                                long\n",
		"as --help shows them");
	vs_buf_cut(&b, 0);
	vs_opt_help(third, &b);
	is(b.s,
		"      --x                       123456789 123456789 123456789 123456789 1234567\n"
		"                                and on\n"
		"      --y                       123456789 123456789 123456789 123456789\n"
		"                                12345678 and on\n",
		"... in 79 columns");
	vs_buf_cut(&b, 0);
	vs_opt_names(first, &b);
	is(b.s,
		"-f\t--flag\t\ta flag\n-s\t--str\tTEXT\ta text\n"
		"-l\t--list\tITEM\tan item\n-n\t\tN\ta number\n",
		"as completions read them");
	vs_buf_cut(&b, 0);
	vs_opt_names(second, &b);
	ok(strstr(b.s, "\n-t\t--maybe\t[FILE]\twith") != NULL,
		"... an argument that may be left out");
}

int
main(void)
{
	values();
	operand();
	errors();
	shown();
	vs_list_free(&o.list);
	ok(o.list.n == 0 && o.list.v == NULL, "a list is freed");
	return done();
}
