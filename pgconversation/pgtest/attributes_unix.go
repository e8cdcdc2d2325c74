//go:build unix

package pgtest

import "syscall"

// attributes returns how a process of an account is started: in its own process group, so that Ctrl-C does not end it before this process.
func attributes(as *account) *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setpgid: true}
	if as != nil {
		attributes.Credential = &syscall.Credential{Uid: as.uid, Gid: as.gid}
	}
	return attributes
}
