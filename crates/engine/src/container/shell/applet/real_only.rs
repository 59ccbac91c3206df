//! Programs that a real image has and readyz does not simulate: they are there, and say so.

use super::{Applet, Ctx, Outcome, PartOf};
use crate::container::filesystem::file_name;

/// Applets of BusyBox 1.36 in its usual configuration that Debian does not have.
const BUSYBOX: &str = " \
    ar arp arping ascii bc brctl bunzip2 bzcat bzip2 cal chattr chpst cpio crc32 crond \
    crontab cryptpw dc dnsdomainname dos2unix dumpleases ed envdir fdisk fsync ftpd ftpget \
    ftpput fuser halt hd hdparm hexdump hexedit hush hwclock ifconfig inetd init insmod \
    iostat iotop ip ipaddr ipcalc iplink iproute iprule klogd less logread lsattr lsmod lsof \
    lspci lsusb lzcat lzma lzop man mdev mke2fs modprobe mpstat nameif nbd-client nmeter \
    ntpd patch ping ping6 pipe_progress pmap poweroff pstree pwdx rdate reboot resize rmmod \
    route runsv runsvdir sendmail setuidgid sha3sum smemcap softlimit strings sv svc svlogd \
    sysctl syslogd tcpsvd telnet telnetd tftp tftpd time top traceroute traceroute6 tree ts \
    ttysize udhcpc udpsvd unix2dos unlzma unxz unzip uudecode uuencode vi vlock w watch \
    whois xxd xz xzcat \
    ";

/// Programs that both have.
const BOTH: &str = " \
    addgroup adduser arch awk base32 base64 blkid blockdev chpasswd chroot chrt cksum \
    clear cmp comm csplit delgroup deluser diff dmesg expand factor fallocate flock fold \
    fsck getopt getty groups gunzip gzip hostid install ionice ipcrm ipcs killall5 last link \
    linux32 linux64 logger login logname losetup md5sum mesg mkfifo mknod mkswap more mount \
    mountpoint nice nl nologin nsenter od passwd paste renice reset rev run-parts script \
    scriptreplay setarch setpriv setsid sha1sum sha256sum sha512sum shred shuf split \
    start-stop-daemon stty su sum swapoff swapon tac tar taskset truncate tsort tty umount \
    uncompress unexpand unlink unshare users wall who zcat \
    ";

/// Programs of Debian's packages that every image has.
const DEBIAN: &str = " \
    agetty apt apt-cache apt-get apt-key apt-mark b2sum chage choom diff3 dir dircolors dpkg \
    dpkg-deb dpkg-query findmnt fmt getconf getent gpasswd gpgv groupadd groupdel groupmod \
    iconv infocmp join ldconfig ldd locale lsblk lscpu lslocks lsmem lsns mawk mkfs namei \
    nawk newgrp numfmt pathchk perl pinky pr prlimit ptx runuser savelog sdiff sg sha224sum \
    sha384sum stdbuf tempfile tput update-alternatives useradd userdel usermod vdir whereis \
    wipefs zcmp zdiff zegrep zfgrep zgrep zless zmore \
    ";

/// Those that Debian has in `/usr/sbin`.
const SBIN: &str = " \
    addgroup adduser agetty blkid blockdev chpasswd chroot delgroup deluser fsck getty \
    groupadd groupdel groupmod killall5 ldconfig losetup mkfs mkswap nologin runuser \
    start-stop-daemon swapoff swapon useradd userdel usermod wipefs \
    ";

/// What runs in their place.
static NOT_SIMULATED: Applet = Applet {
    name: "",
    run,
    eager: false,
    part_of: PartOf::Few,
};

fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let name = ctx.argv.first().map_or("", |name| file_name(name));
    ctx.complain_raw(&format!("readyz does not simulate {name}\n"));
    Outcome::Exit(127)
}

/// What a program of an image runs that is no simulated applet.
pub fn find_real(name: &str, in_busybox: bool) -> Option<&'static Applet> {
    let own = if in_busybox { BUSYBOX } else { DEBIAN };
    let mut names = names_of(own);
    names.any(|known| known == name).then_some(&NOT_SIMULATED)
}

/// The names of BusyBox's.
pub fn real_busybox() -> impl Iterator<Item = &'static str> {
    names_of(BUSYBOX)
}

/// The paths of Debian's.
pub fn real_debian() -> impl Iterator<Item = String> {
    names_of(DEBIAN).map(|name| {
        let sbin = SBIN.split(' ').any(|known| known == name);
        ["/usr/", if sbin { "sbin/" } else { "bin/" }, name].concat()
    })
}

fn names_of(own: &'static str) -> impl Iterator<Item = &'static str> {
    let names = own.split(' ').chain(BOTH.split(' '));
    names.filter(|name| !name.is_empty())
}
