#!/usr/bin/env bash
# A Slurm of one node on the loopback address, for tests and for trying things out: its own munged, slurmctld and slurmd, with everything they write in one folder.
# No file outside of it and no service of the system is touched; processes are ended by the ids in it.
#
#   scripts/slurm-here.sh start DIR [CPUS]   starts it, and prints the variable to set: SLURM_CONF
#   scripts/slurm-here.sh stop DIR           ends its processes
#   scripts/slurm-here.sh check              says what is missing, and returns 3 where something is
#
# Packages on Debian: slurm-wlm munge.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

usage() { sed -n 's/^#   //p' "$0" >&2; exit 2; }

check() {
    local program missing=()
    for program in munged slurmctld slurmd sbatch srun squeue scancel scontrol; do
        command -v "$program" >/dev/null || missing+=("$program")
    done
    [ ${#missing[@]} -eq 0 ] || { echo "Slurm and munge must be installed (on Debian: apt-get install slurm-wlm munge), but there is no ${missing[*]}."; return 3; }
}

# Two neighbours that nobody listens on.
free_port() {
    local port
    for port in $(shuf -i 20000-31000 -n 50); do
        if ! { : <"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null && ! { : <"/dev/tcp/127.0.0.1/$((port + 1))"; } 2>/dev/null; then
            echo "$port"
            return
        fi
    done
    echo "no free port was found" >&2
    return 1
}

start() {
    local dir=$1 cpus=$2 node user port
    check
    mkdir -p "$dir"/{state,spool,munge}
    dir=$(cd "$dir" && pwd)
    chmod 700 "$dir/munge"
    (umask 077; head -c 64 /dev/urandom > "$dir/munge/key")
    node=$(hostname -s); user=$(id -un); port=$(free_port)
    munged --force --key-file="$dir/munge/key" --socket="$dir/munge/socket" --pid-file="$dir/munge/pid" --log-file="$dir/munge/log" --seed-file="$dir/munge/seed" --num-threads=2 2>> "$dir/munge/warnings"
    cat > "$dir/slurm.conf" <<CONF
ClusterName=here
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.log
PlugStackConfig=/dev/null
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
ReturnToService=1
KillWait=10
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,sched_interval=1,bf_interval=1
NodeName=$node NodeAddr=127.0.0.1 CPUs=$cpus State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
    export SLURM_CONF=$dir/slurm.conf
    slurmctld -f "$SLURM_CONF" 2>> "$dir/slurmctld.log"
    slurmd -f "$SLURM_CONF" -N "$node" 2>> "$dir/slurmd.log"
    for _ in $(seq 300); do
        if [ "$(sinfo --noheader --format=%T 2>/dev/null)" = idle ]; then
            echo "SLURM_CONF=$SLURM_CONF"
            return
        fi
        sleep 0.1
    done
    echo "The node did not come up; see $dir/slurmctld.log and $dir/slurmd.log." >&2
    stop "$dir"
    return 1
}

# slurmd first, so that slurmctld hears of it; munged last, whom both ask.
stop() {
    local dir=$1 file id
    for file in "$dir/slurmd.pid" "$dir/slurmctld.pid" "$dir/munge/pid"; do
        [ -s "$file" ] || continue
        id=$(cat "$file")
        kill "$id" 2>/dev/null || continue
        for _ in $(seq 100); do
            kill -0 "$id" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL "$id" 2>/dev/null || true
    done
}

case ${1:-} in
    start) start "${2:?$(usage)}" "${3:-$(nproc)}" ;;
    stop) stop "${2:?$(usage)}" ;;
    check) check ;;
    *) usage ;;
esac
