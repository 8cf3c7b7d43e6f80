#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# The fault matrix: each tool under each fault, and the state afterwards.
#
# Without an argument it runs the quick part, as TAP; with `all` (make faults) all of it,
# as a table; with `list` it prints the cells of `all` and runs nothing.  ROW... limits
# both to these rows of tools.tab.  A cell states the expected exit status, how often the
# write was sent and carried out, what is left, and a pattern in the message (- for no
# message).
# Tools are the rows of tools.tab, faults are in inject(), cells at the end of this file;
# each row also gets the cells of standard() and every().
case ${1:-} in
'' | all | list) ;;
*) echo 'usage: tests/faults.t [all|list [ROW...]]' >&2; exit 2 ;;
esac
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
. "${0%/*}/faults-mute.sh"
all=${1:-} list=
[ $# = 0 ] || shift
only=" $* "
for _row; do
	rows | grep -qxF -e "$_row" || { echo "tests/faults.t: no row '$_row' in tests/tools.tab" >&2; exit 2; }
done
# chosen ROW: it is one of those that were named, or none was
chosen() { [ "$only" = '  ' ] || case $only in *" $1 "*) ;; *) return 1 ;; esac; }
[ "$all" != list ] || list=1
_long=2s	# connections must become idle before it ends
if under_memcheck; then _long=8s S=8s; fi	# less than the connect timeout of 10 s
long=$_long
if [ -z "$list" ]; then
	vs_lab
	ignition || fail "a worker's Ignition config"
fi

# ---- tools

# tool ROW VM: prepares the VM as the row needs it; sets $line, the command; $write, the
# call that changes something; $needs, a property that it depends on.
tool() {
	row "$1"
	write=$row_write needs=$row_needs
	case $row_vm in
	none) ;;
	half) ctl fault CloneVM_Task count=1 off ;;	# vCenter completes the clone without powering it on
	off) ctl make-vm "/DC0/vm/$2" ;;
	cloned) vs-clone -q flatcar-template "$2" >"$T/made" ;;
	on) ctl make-vm "/DC0/vm/$2" && ctl power "$2" on ;;
	booted)	# with a running guest
		vs-clone -q -i "$T/worker.ign" --on flatcar-template "$2" >"$T/made"
		wait_for 20 has "$2" tools=guestToolsRunning 2>"$T/has"
		;;
	esac
	case $row_vm in
	guest | node) _on=guest ;;
	*) _on=$2 ;;
	esac
	row_for "$_on"
	line=$(echo "$command" | sed "s/flatcar-template/$source/")
	: >"$T/record"
	! used_as stdin || printf '/DC0/vm/%s\t%s\n' "$2" "$(ref "$2")" >"$T/record"
}

# left VM: the state afterwards as the lab sees it, in the form of the row's column
left() {
	ctl vm "$1" >"$T/left" 2>"$T/left.err" || : >"$T/left"
	case $row_left in
	vms) echo "$(vms "/$1$tab"),$(of power)" ;;
	config)	# the clone has the template's first
		[ "$(of extra.guestinfo.ignition.config.data)" = "$inherited" ] && echo old || echo config ;;
	power) [ -s "$T/left" ] && of power || echo gone ;;
	times) ctl tasks | awk -v vm="$1" -v w="$write" '$2 == w && $3 == vm && $4 != "error" { n++ }
		END { print n + 0 " done" }' ;;
	there) [ -s "$T/left" ] && echo there || echo gone ;;
	out:*) grep -cE -e "$(echo "${row_left#out:}" | sed "s|@|$_on|" | tr _ ' ')" "$T/.out" ;;
	-) echo - ;;
	*) echo "${row_left#extra.}=$(of "$row_left")" ;;
	esac
}
of() { sed -n "s/^$1=powered//p; s/^$1=//p" "$T/left" | head -n 1; }

# ---- faults

# inject FAULT VM: for $write and $needs; during() does what must happen while the tool
# runs
inject() {
	case $1 in
	answer-lost) ctl fault "$write" count=1 drop-after ;;
	request-lost) ctl fault "$write" count=1 drop-before ;;
	reset) ctl fault "$write" count=1 reset ;;
	closed-idle)	# the connections of the reads are closed before the write
		ctl fault RetrievePropertiesEx hang-up ;;
	dropped-idle)	# connections are idle while a task runs, before the write
		case $write in
		PowerOn*) ctl set clone-time $long ;;
		*) ctl set power-time $long ;;
		esac
		;;
	status-*) ctl fault "$write" count=1 "status=${1#*-}" ;;
	429) ctl fault "$write" count=1 status=429,retry-after=1 ;;
	429-told)	# without Retry-After the first pause is at most half a second
		ctl fault "$write" count=1 status=429,retry-after=1
		line="$line -v"
		;;
	cut) ctl fault "$write" count=1 truncate ;;
	no-xml) ctl fault "$write" count=1 garbage ;;
	no-session) ctl fault "$write" count=1 fault=NotAuthenticated ;;
	forbidden) ctl fault "$write" fault=NoPermission ;;
	hidden) ctl hide VirtualMachine "$needs" ;;
	task-lost) ctl fault "$write" count=1 lose-task ;;
	task-fails) ctl fault "$write" count=1 taskfault=InsufficientResourcesFault ;;
	busy) ctl fault "$write" count=1 fault=TaskInProgress ;;
	deleted | taken | template-deleted) ctl fault "$write" delay=1s ;;
	expired) ctl expire ;;
	filter-gone)	# a new one is created while the old view is being destroyed
		ctl fault CreateFilter count=1 fault=ManagedObjectNotFound
		ctl fault DestroyView delay=600ms
		ctl fault DestroyPropertyCollector delay=600ms
		;;
	for-ever-*)
		ctl fault '*' "status=${1##*-}"
		line="$line --timeout $S"
		;;
	in-*)	# in-METHOD-2: the second call
		_in=${1#in-}
		ctl fault "${_in%-*}" after=$((${1##*-} - 1)) count=1 fault=NotAuthenticated
		;;
	missing-*) ctl fault RetrievePropertiesEx after=$((${1##*-} - 1)) count=1 missing-notauth ;;
	kube-[45]*) ctl kube-fail "${1#kube-}" 1 ;;
	*-stops)	# in the middle of the reply, without end
		ctl fault "$(method "${1%-stops}")" stall
		line="$line --timeout $S"
		;;
	*-lost) ctl fault "$(method "${1%-lost}")" count=1 drop-after ;;
	*-cut) ctl fault "$(method "${1%-cut}")" count=1 truncate ;;
	*-no-xml) ctl fault "$(method "${1%-no-xml}")" count=1 garbage ;;
	*-503) ctl fault "$(method "${1%-503}")" count=1 status=503 ;;
	*-no-session) ctl fault "$(method "${1%-no-session}")" count=1 fault=NotAuthenticated ;;
	*-429) ctl fault "$(method "${1%-429}")" count=1 status=429,retry-after=1 ;;
	read-forbidden) ctl fault RetrievePropertiesEx fault=NoPermission ;;
	esac
}
method() {
	case $1 in
	read) echo RetrievePropertiesEx ;;
	poll) echo WaitForUpdatesEx ;;
	view) echo CreateListView ;;
	join) echo ModifyListView ;;
	filter) echo CreateFilter ;;
	collector) echo CreatePropertyCollector ;;
	content) echo RetrieveServiceContent ;;
	login) echo Login ;;
	logout) echo Logout ;;
	write) echo "$write" ;;
	esac
}

# during FAULT VM: what happens while the tool runs
during() {
	case $1 in
	deleted) wait_for 20 asked "$write" && ctl delete-vm "$2" ;;
	template-deleted) wait_for 20 asked "$write" && ctl delete-vm "$source" ;;
	taken) wait_for 20 asked "$write" && ctl make-vm "/DC0/vm/$2" ;;
	dropped-idle)	# before the write, which would otherwise be lost with its connection
		wait_for 20 asked WaitForUpdatesEx && sleep 0.2 && wait_for 1 dropped && ! asked "$write"
		;;
	kube-drop | kube-gone-*)
		wait_for 20 watching
		case $1 in kube-gone-*) ctl kube-gone "${1##*-}" ;; esac
		ctl kube-drop && ctl node-add "$2"
		;;
	esac
}

dropped() { ctl drop-idle | grep -q '=[1-9]'; }
watching() { ctl kube-requests | grep -q '^watch nodes'; }

# happened FAULT: it took effect; otherwise the cell proves nothing
happened() {
	case $1 in
	hidden | expired) ;;
	*) ! ctl fault | grep -q 'hits=0$' && [ -s "$T/during" ] ;;
	esac
}

# ---- a cell

# try COMMAND...: runs the tool of the cell, in COMMAND, under its fault; $_happened is 0 if
# the fault took effect
try() {
	tool "$_tool" "$_vm"
	inject "$_fault" "$_vm"
	case $_fault in content-* | login-*) cold ;; esac
	requests_reset
	wait_for 5 idle
	_done=$(done_tasks)
	case $_fault in in-* | missing-* | no-session | expired) _logins=$(session logins) ;; esac
	{ during "$_fault" "$_vm" && echo yes >"$T/during"; } >"$T/during.out" 2>&1 &
	_during=$!
	# shellcheck disable=SC2086 # a command and its words
	run "$@" $line <"$T/record"
	wait $_during
	happened "$_fault"
	_happened=$?
}

_cell=0
# cell TOOL FAULT STATUS WRITES LEFT ERE [OPTION...]
cell() {
	chosen "$1" || return 0
	_cell=$((_cell + 1)) _vm=f-$_cell source=flatcar-template
	_tool=$1 _fault=$2 _status=$3 _writes=$4 _left=$5 _ere=$6
	shift 6
	if [ "$list" ]; then
		echo "$_tool $_fault $_status $_writes $_left $_ere"
		return
	fi
	if [ "$_fault" = template-deleted ]; then
		source=source-$_cell
		ctl make-vm "/DC0/vm/$source"
	fi
	case $_fault in logout-*) set -- "$@" env GOVC_PERSIST_SESSION=0 ;; esac
	try "$@"
	# on a busy machine the task may have ended before its idle connections are dropped
	while [ "$_fault" = dropped-idle ] && [ $_happened != 0 ] && [ "$long" != 32s ]; do
		long=$((${long%s} * 4))s _vm=$_vm-again
		ctl fault clear
		: >"$T/during"
		try "$@"
	done
	long=$_long
	_got="$status $(requests "$write")/$(carried_out) $(left "$_vm")"
	judge "$_status $_writes $_left"
	ctl fault clear
	: >"$T/during"
	case $_fault in
	hidden) ctl hide clear ;;
	kube-*)
		ctl kube-fail off
		ctl kube-requests reset >"$T/kube"
		;;
	dropped-idle)
		ctl set clone-time 50ms
		ctl set power-time 20ms
		;;
	esac
}

# idle: no task is queued or runs.  A tool is done when the VM is as requested; after a lost
# answer it does not know the task, and may end before that does.
idle() { ! ctl tasks | awk '$4 == "queued" || $4 == "running" { n = 1 } END { exit !n }'; }

# How many writes were carried out, if vCenter creates tasks for them.
done_tasks() { ctl tasks | awk -v w="$write" '$2 == w && $4 == "success" { n++ } END { print n + 0 }'; }
carried_out() {
	case $write in	# ShutdownGuest has no task
	*_Task)
		wait_for 5 idle
		echo $(($(done_tasks) - _done))
		;;
	*) echo - ;;
	esac
}

# judge STATUS-WRITES-LEFT: of the cell that was run
judge() {
	_wrong=
	printf '%s\n' "$_got" | grep -qxE -e "$1" || _wrong="it is '$_got', not '$1'"
	if [ "$_ere" = - ]; then
		[ -z "$err" ] || _wrong="$_wrong; it says something"
	else
		printf '%s\n' "$err" | grep -qE -e "$_ere" || _wrong="$_wrong; not /$_ere/"
	fi
	case $_fault in
	in-DestroyView-* | in-DestroyPropertyCollector-*) relogin 0 ;;
	answer-lost) reused ;;
	in-* | missing-* | no-session | expired) relogin 1 ;;
	esac
	[ $_happened = 0 ] || _wrong="$_wrong; the fault did not happen"
	if [ "$all" ]; then
		printf '%-4s %-11s %-29s %-7s %-7s %-10s %s\n' "${_wrong:+BAD}" "$_tool" \
			"$_fault" "${_got%% *}" "$(echo "$_got" | cut -d ' ' -f 2)" \
			"$(echo "$_got" | cut -d ' ' -f 3-)" "${err:--}"
		[ -z "$_wrong" ] || _bad=$((_bad + 1))
	else
		[ -z "$_wrong" ]
		ok $? "$_tool, $_fault: $1"
	fi
	[ -z "$_wrong" ] || diag "$_tool, $_fault: $_wrong
$line
stderr: $err
$(ctl fault)
$(ctl requests)"
}

# relogin N: there were N Logins; none if the session is lost at the end of a run
relogin() {
	_logins=$(($(session logins) - _logins))
	[ $_logins = "$1" ] || _wrong="$_wrong; $_logins logins, not $1"
}

# reused: the write used a connection that had been used before, on which libcurl would
# resend it by itself
reused() {
	ctl log | tail -n "$(ctl requests | awk '$1 != "total" { n += $2 } END { print n }')" | awk -F'\t' -v w="$write" '
		$2 == w { found = 1; used = seen[$7] }
		{ seen[$7] = 1 }
		END { exit !(found && used) }' || _wrong="$_wrong; over a fresh connection"
}

# counted ROW: sets $sent and $done, how often its write is sent and carried out without
# faults, and $says, the message of such a run
counted() {
	row "$1"
	says=-
	case $row_line in *\ --dry-run\ *) says=would ;; esac
	case $row_write in
	-) sent=0 done=- ;;
	*_Task) sent=1 done=1 ;;
	*) sent=1 done=- ;;
	esac
}

# every ROW: NotAuthenticated in each of its calls, and in each missingSet
every() {
	chosen "$1" || return 0
	counted "$1"
	[ "$list" ] || vs-ls -l /DC0/vm/guest >"$T/warm"
	_once=$sent/$done _twice=$((sent + 1))/$done _end=$row_is _says=$says
	cell "$1" none 0 "$_once" "$_end" "$_says"
	if [ "$list" ]; then
		echo "$1 in-EACH-CALL, missing-EACH-READ 0 $_once $_end $_says"
		return
	fi
	ctl requests >"$T/clean"
	while read -r _method _count <&3; do
		case $_method,$_count in total,* | *,0) continue ;; esac
		# that call has a fault already, for clone-off
		[ "$1-$_method" != clone-off-CloneVM_Task ] || continue
		# the number of polls varies
		[ "$_method" != WaitForUpdatesEx ] && [ "$all" ] || _count=1
		for _k in $(seq "$_count"); do
			[ "$_method" = "$write" ] && _w=$_twice || _w=$_once
			cell "$1" "in-$_method-$_k" 0 "$_w" "$_end" "$_says"
			[ "$_method" != RetrievePropertiesEx ] ||
				cell "$1" "missing-$_k" 0 "$_once" "$_end" "$_says"
		done
	done 3<"$T/clean"
}

# standard ROW: the cells of every row, as lines of the matrix; without those that the
# matrix has
standard() {
	counted "$1"
	_was=$(echo "$row_was" | tr ' ' _) _is=$(echo "$row_is" | tr ' ' _)
	case $done in 1) _not=0 ;; *) _not=- ;; esac
	{
		if [ "$row_write" = - ]; then
			echo "q $1 read-lost 0 0/- $_is $says"
			echo "a $1 read-cut,read-503,read-429,read-no-xml,missing-1,expired 0 0/- $_is $says"
		elif used_as once; then
			_unsure=may_have_taken_effect,_and_is_not_repeated
			echo "q $1 answer-lost 1 1/$done $_is $_unsure"
			echo "a $1 request-lost 1 1/$_not $_was $_unsure"
		else
			echo "q $1 answer-lost 0 1/$done $_is $says"
			echo "a $1 request-lost,status-503 0 2/$done $_is $says"
		fi
		if [ "$row_write" != - ]; then
			echo "q $1 forbidden 1 1/$_not $_was permission"
			echo "a $1 login-lost 0 1/$done $_is $says"
			echo "a $1 write-stops 4 1/$done $_is may_still_be_carried_out"
		fi
		[ "$row_needs" = - ] || echo "q $1 hidden 1 0/$_not $_was cannot_read_its"
		if [ "$row_vm" != half ]; then	# the VM does not exist yet
			echo "a $1 read-stops 4 0/$_not $_was no_valid_response_from_127.0.0.1:"
			echo "a $1 for-ever-503 [45] 0/$_not $_was 127.0.0.1:"
		fi
	} | awk '
		FNR == NR { if (/^[qa] /) { t = split($2, tool, ","); f = split($3, fault, ",")
			for (i = 1; i <= t; i++) for (j = 1; j <= f; j++) stated[tool[i] fault[j]] }
			next }
		{ f = split($3, fault, ",")
			for (j = 1; j <= f; j++)
				if (!(($2 fault[j]) in stated)) { $3 = fault[j]; print } }' "$T/matrix" -
}

# In the quick part only for tools that the matrix does not name: new ones.
standard_cells() {
	for _r in $(rows); do
		row "$_r"
		takes --url || continue
		[ "$all" ] || ! named || continue
		standard "$_r"
	done >"$T/standard"
	cells <"$T/standard"
}
named() {
	for _named in $(rows_of "$row_tool"); do
		grep -qE "^q ([^ ]*,)?${_named}[, ]" "$T/matrix" && return
	done
	return 1
}

# cells: lines "q|a TOOL... FAULT... STATUS WRITES LEFT ERE" on stdin, with
# commas between tools and between faults; q is the quick part
cells() {
	while read -r _part _tools _faults _s _sent _l _e; do
		case $_part in
		q) ;;
		a) [ "$all" ] || continue ;;
		*) continue ;;
		esac
		for _t in $(echo "$_tools" | tr , ' '); do
			for _f in $(echo "$_faults" | tr , ' '); do
				cell "$_t" "$_f" "$_s" "$_sent" "$(echo "$_l" | tr _ ' ')" \
					"$(echo "$_e" | tr _ ' ')" </dev/null
			done
		done
	done
}

# ---- the matrix

if [ -z "$list" ]; then
	inherited=$(vm flatcar-template extra.guestinfo.ignition.config.data)
	run vs-clone -i "$T/worker.ign" --on flatcar-template guest
	[ "$status" = 0 ] && run vs-wait --timeout 30s ip guest
	[ "$status" = 0 ] || { fail "a VM that runs"; diag "$err"; }
	echo yes >"$T/during"
fi

[ -z "$all" ] || [ "$list" ] || {
	cat <<'END'
BAD: not as stated, the diagnosis follows.  writes: sent/carried out (-: no task of vCenter's).
left: clone "1,On" one VM that is on, "0," no VM; config "old" still the template's; reset
"1 done" it was reset once; key its value; ip, ls, node their records.  it says: - nothing.
END
	printf '%-4s %-11s %-29s %-7s %-7s %-10s %s\n' '' tool fault status writes left 'it says'
}
cat >"$T/matrix" <<'END'
# part tool  fault                            status writes left ERE
q clone answer-lost,cut,task-lost                  0 1/1 1,On -
q clone request-lost,status-503,no-session 0 2/1 1,On -
q clone 429-told                                   0 2/1 1,On HTTP_status_429.*;_retrying_in_1[.]0_s
a clone 429,reset,no-xml,busy,status-502,status-504 0 2/1 1,On -
q clone closed-idle,expired                        0 1/1 1,On -
q clone forbidden                                  1 1/0 0, permission
a clone task-fails                                 1 1/0 0, InsufficientResources
q clone template-deleted                           3 1/0 0, does_not_exist
q clone taken                                      1 1/0 1,Off was_not_created_by_vs-clone
a clone hidden                                     1 1/1 1,On may_not_read_its_configuration
q clone-off answer-lost,dropped-idle               0 1/1 1,On -
a clone-off cut,task-lost,closed-idle              0 1/1 1,On -
q clone-off request-lost                           0 2/1 1,On -
a clone-off reset,status-503,429,no-xml,no-session,busy 0 2/1 1,On -
q clone-off forbidden                              1 1/0 1,Off permission
a clone-off deleted                                3 1/0 0, does_not_exist
q key answer-lost                                  0 1/1 my.key=v -
a key task-lost,cut,closed-idle,expired                      0 1/1 my.key=v -
q key no-session                        0 2/1 my.key=v -
a key request-lost,reset,status-503,429,no-xml 0 2/1 my.key=v -
a config answer-lost,task-lost,cut,closed-idle     0 1/1 config -
a config request-lost,reset,status-503,429,no-xml,no-session 0 2/1 config -
# the second one is the task of another client
a key busy                                         0 2/2 my.key=v -
a config busy                                      0 2/2 config -
a key forbidden                                    1 1/0 my.key= permission
q key hidden                                       1 0/0 my.key= cannot_read_its
a key deleted                                      3 1/0 my.key= does_not_exist
a config forbidden                                 1 1/0 old permission
a config hidden                                    1 0/0 old cannot_read_its
q on answer-lost                                   0 1/1 On -
a on cut,task-lost,closed-idle,expired             0 1/1 On -
q on no-xml,status-504,429                         0 2/1 On -
q on 429-told                                      0 2/1 On HTTP_status_429.*;_retrying_in_1[.]0_s
a on request-lost,reset,status-503,no-session,busy 0 2/1 On -
a on forbidden                                     1 1/0 Off permission
a on task-fails                                    1 1/0 Off InsufficientResources
q on deleted                                       3 1/0 gone does_not_exist
a off answer-lost,cut,task-lost,closed-idle,expired 0 1/1 Off -
a off request-lost,reset,status-503,429,no-xml,no-session,busy 0 2/1 Off -
a off forbidden                                    1 1/0 On permission
a off deleted                                      3 1/0 gone does_not_exist
q reset answer-lost                                1 1/1 1_done may_have_taken_effect,_and_is_not_repeated
a reset cut,task-lost                              1 1/1 1_done may_have_taken_effect,_and_is_not_repeated
q reset status-503                    1 1/0 0_done may_have_taken_effect,_and_is_not_repeated
a reset request-lost,reset,no-xml                               1 1/0 0_done may_have_taken_effect,_and_is_not_repeated
q reset busy                                0 2/1 1_done -
a reset 429,no-session                        0 2/1 1_done -
a reset expired                                    0 1/1 1_done -
a reset forbidden                                  1 1/0 0_done permission
a reset deleted                                    3 1/0 0_done does_not_exist
a shutdown answer-lost,cut,closed-idle,expired     0 1/- Off -
a shutdown request-lost,reset,status-503,429,no-xml,no-session,busy 0 2/- Off -
a shutdown forbidden                               1 1/- On permission
q destroy answer-lost                              0 1/1 gone -
a destroy cut,task-lost,closed-idle,expired        0 1/1 gone -
a destroy reset                                    0 2/1 gone -
a destroy request-lost,status-503,429,no-xml,no-session,busy 0 2/1 gone -
q destroy deleted                                  0 1/0 gone -
a destroy forbidden                                1 1/0 there permission
a destroy task-fails                               1 1/0 there InsufficientResources
q destroy hidden                                   1 0/0 there cannot_read_its
a destroy-on answer-lost,dropped-idle,closed-idle  0 1/1 gone -
a destroy-on request-lost,status-503               0 2/1 gone -
q clone poll-lost,filter-lost                      0 1/1 1,On -
q on poll-503,view-lost,filter-gone                   0 1/1 On -
a on poll-cut,read-lost,read-503,filter-lost,collector-lost,view-503,filter-cut,collector-no-xml 0 1/1 On -
a clone read-lost,read-503,read-cut,read-429,read-no-xml,poll-cut,poll-503,poll-429,poll-no-xml 0 1/1 1,On -
a clone view-lost,view-cut,collector-lost,filter-503 0 1/1 1,On -
q clone-off join-lost                              0 1/1 1,On -
a clone-off join-cut,join-503,poll-lost            0 1/1 1,On -
a destroy-on join-lost,join-503,poll-lost          0 1/1 gone -
q ip poll-lost,view-lost,read-lost                 0 0/- 1 -
a ip poll-cut,poll-503,poll-429,poll-no-xml,view-cut,filter-lost,filter-503,collector-lost 0 0/- 1 -
a ip read-cut,read-503,read-429,read-no-xml,missing-1,expired 0 0/- 1 -
q ls read-lost,read-cut                            0 0/- 1 -
a ls read-503,read-429,read-no-xml,missing-1,expired 0 0/- 1 -
q ls read-forbidden                                1 0/- 0 permission
a clone,on,key,off,destroy login-lost,login-503,login-429,login-no-xml,login-cut,content-503 0 1/1 (1,)?(On|Off|gone|my.key=v) -
a clone content-lost,content-no-xml                5 0/0 0, 127.0.0.1:
q on login-lost                          0 1/1 On -
q on content-lost                                  5 0/0 Off 127.0.0.1:
q on logout-lost                                   0 1/1 On -
a on logout-503,logout-no-session,logout-no-xml    0 1/1 On -
a clone,destroy logout-lost,logout-503             0 1/1 (1,On|gone) -
q clone read-stops                                 4 0/0 0, no_valid_response_from_127.0.0.1:
q on write-stops                                   4 1/1 On may_still_be_carried_out
a on,key,destroy,ip,ls read-stops                  4 0/[-0] (Off|my.key=|there|0) no_valid_response_from_127.0.0.1:
a clone write-stops                                4 1/1 1,On may_still_be_carried_out
a destroy-off write-stops                          4 1/1 there may_still_be_carried_out
a key,destroy write-stops                          4 1/1 (my.key=v|gone) may_still_be_carried_out
a on login-stops                                   4 0/0 Off no_valid_response_from_127.0.0.1:
a on for-ever-503                                  [45] 0/0 Off 127.0.0.1:
a clone,key,destroy,ip,ls for-ever-503,for-ever-429 [45] 0/[-0] (0,|my.key=|there|0) 127.0.0.1:
q node kube-503,kube-429                           0 0/- 1 -
a node kube-500,kube-502,kube-504                  0 0/- 1 -
q node kube-401                                    5 0/- 0 credentials
a node kube-403                                    1 0/- 0 not_allowed_to_watch_nodes
q node-late kube-gone-event              0 0/- 1 -
a node-late kube-drop,kube-gone-status                       0 0/- 1 -
END
cells <"$T/matrix"
standard_cells
every clone
mute_cells
if [ "$all" ]; then
	for _every in $(rows); do
		row "$_every"
		[ "$_every" = clone ] || ! takes --url || every "$_every"
	done
	stalled_cells
	[ -z "$list" ] || exit 0
	echo "$_cell cells, $_bad not as stated"
	[ "$_bad" = 0 ]
	exit
fi
done_testing
