//go:build !unix

package pgtest

import "syscall"

// attributes returns nil: see [programs].
func attributes(*account) *syscall.SysProcAttr { return nil }
