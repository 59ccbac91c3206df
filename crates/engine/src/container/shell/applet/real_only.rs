//! Programs that a BusyBox image has and readyz does not simulate: they are not "not found".

/// Their names, between spaces: applets of BusyBox 1.36 in its usual configuration.
const NAMES: &str = " \
    addgroup adduser arp arping awk base64 bc brctl bunzip2 bzcat bzip2 cal chgrp \
    chpasswd chpst chroot clear cmp comm cpio crond crontab cryptpw csplit dc delgroup \
    deluser diff dmesg dnsdomainname dos2unix dumpleases ed expand factor fallocate fold \
    fsync ftpget ftpput fuser getopt gunzip gzip hd hexdump hostid ifconfig inetd install \
    ionice iostat iotop ip ipcalc killall5 last less link logger login logname losetup \
    lsof lspci lsusb lzma md5sum mesg mkfifo mknod more mount mountpoint mpstat nameif \
    nbd-client nice nl nmeter nsenter ntpd od passwd paste patch ping ping6 pipe_progress \
    pmap pstree pwdx rdate renice reset resize rev route runsv script setsid setuidgid \
    sha1sum sha256sum sha3sum sha512sum shred shuf smemcap softlimit split \
    start-stop-daemon strings stty su sum sv svc sysctl tac tar taskset tcpsvd telnet \
    telnetd tftp time top traceroute truncate ts tsort tty ttysize udpsvd umount \
    uncompress unexpand unix2dos unlink unlzma unshare unxz unzip users uudecode uuencode \
    vi vlock w wall watch who xxd xz xzcat zcat \
    ";

/// Whether BusyBox has a program of this name, though readyz has none.
#[inline(never)]
pub fn is_real_only(name: &str) -> bool {
    !name.contains(' ') && NAMES.contains(&format!(" {name} "))
}
