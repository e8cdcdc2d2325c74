//go:build crash && linux

package crashtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
)

const (
	// ioctlShutdown is EXT4_IOC_SHUTDOWN. Its argument withoutLog shuts the file system down as a power cut does: neither
	// the journal nor the caches are written.
	ioctlShutdown = 0x8004587d
	withoutLog    = 2
)

// disk is an ext4 file system on a loop device.
type disk struct {
	t     *testing.T
	image string
	at    string // where it is mounted
}

// newDisk creates a file system and mounts it. The test is skipped if the machine does not allow that.
func newDisk(t *testing.T, megabytes int) *disk {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("not run: mounting a file system needs root")
	}
	folder := t.TempDir()
	d := &disk{t: t, image: filepath.Join(folder, "disk.img"), at: filepath.Join(folder, "disk")}
	require.NoError(t, os.Mkdir(d.at, 0o700))
	for _, command := range [][]string{
		{"truncate", "-s", fmt.Sprintf("%dM", megabytes), d.image}, {"mkfs.ext4", "-q", "-F", d.image}, d.mountCommand(),
	} {
		if err := run(command); err != nil {
			t.Skipf("not run: this machine has no loop device with ext4: %v", err)
		}
	}
	t.Cleanup(func() { _ = run([]string{"umount", "-l", d.at}) })
	return d
}

func (d *disk) mountCommand() []string { return []string{"mount", "-o", "loop", d.image, d.at} }

// sync writes all caches of the file system.
func (d *disk) sync() { require.NoError(d.t, run([]string{"sync", "-f", d.at})) }

// cut makes every further write and sync fail. What was not synced is lost.
func (d *disk) cut() {
	folder, err := os.Open(d.at)
	require.NoError(d.t, err)
	defer func() { _ = folder.Close() }()
	flag := uint32(withoutLog)
	_, _, failure := syscall.Syscall(syscall.SYS_IOCTL, folder.Fd(), ioctlShutdown, uintptr(unsafe.Pointer(&flag)))
	require.Zero(d.t, failure)
}

// remount mounts the file system again, as after a restart of the machine.
func (d *disk) remount() {
	require.Eventually(d.t, func() bool { return run([]string{"umount", d.at}) == nil }, time.Minute, 20*time.Millisecond)
	require.NoError(d.t, run(d.mountCommand()))
}

func run(command []string) error {
	output, err := exec.CommandContext(context.Background(), command[0], command[1:]...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%v: %w: %s", command, err, output)
	}
	return nil
}
