package embedded

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/minio/highwayhash"
)

// ErrDamaged is returned by [Dir] if a file of the store is damaged, by a failing disk for example. See [WithDamagedStore].
var ErrDamaged = errors.New("embedded: the store is damaged")

// damagedFolder keeps the damaged files, as they were found.
const damagedFolder = "engine.damaged"

// storeCheck looks for damage before the server starts, because the server would forget what it cannot read.
type storeCheck struct {
	path   string
	log    *slog.Logger
	goOn   bool // with what is readable
	found  []error
	errors []error
}

// checkStore returns ErrDamaged with the names of the damaged files, unless the caller goes on knowingly.
//
// After a clean end, the checksums of all files are known. Otherwise the files are checked by what they contain.
func checkStore(path string, chosen settings) error {
	c := &storeCheck{path: path, log: chosen.logger, goOn: chosen.damaged}
	sums, clean, err := takeSums(path)
	if err != nil {
		return err
	}
	if clean {
		c.bySums(sums)
	} else {
		c.byContent()
	}
	if len(c.errors) > 0 {
		return errors.Join(c.errors...)
	}
	if len(c.found) == 0 || c.goOn {
		if clean {
			return nil
		}
		return erase(path)
	}
	if clean { // for the next start
		if err := writeSumsOf(path, sums); err != nil {
			return err
		}
	}
	return fmt.Errorf("%w: restore the folder from a backup, or go on with what is readable: embedded.WithDamagedStore: %w", ErrDamaged, errors.Join(c.found...))
}

// bySums compares each file with its checksum.
func (c *storeCheck) bySums(sums map[string]uint32) {
	for relative, sum := range sums {
		content, err := readFile(filepath.Join(c.path, filepath.FromSlash(relative)))
		switch {
		case err == nil && crc32.Checksum(content, castagnoli) == sum:
		case isDerived(relative):
			c.remove(relative)
		case err != nil:
			c.damaged(relative, err.Error())
		default:
			c.differs(relative, content)
		}
	}
}

// differs handles a file with another checksum.
func (c *storeCheck) differs(relative string, content []byte) {
	c.damaged(relative, "its checksum is wrong")
	if strings.HasSuffix(relative, ".blk") {
		c.repairBlock(relative, content)
		return
	}
	c.setAsideDamaged(relative)
}

// isDerived reports whether the server builds a file from the blocks if it does not exist.
func isDerived(relative string) bool {
	switch filepath.Base(filepath.FromSlash(relative)) {
	case "index.db", "thw.db", "sched.db":
		return true
	}
	return false
}

// byContent checks each file by what it contains.
func (c *storeCheck) byContent() {
	streams := filepath.Join(storeFolder, "$G", "streams")
	c.fail(eachFolder(filepath.Join(c.path, streams), func(stream string) error {
		folder := filepath.Join(streams, stream)
		c.description(folder, stream)
		c.blocks(filepath.Join(folder, "msgs"), stream)
		for _, derived := range []string{"thw.db", "sched.db"} { // without a checksum
			c.remove(filepath.Join(folder, "msgs", derived))
		}
		return eachFolder(filepath.Join(c.path, folder, consumersFolder), func(consumer string) error {
			folder := filepath.Join(folder, consumersFolder, consumer)
			c.description(folder, stream+"/"+consumer)
			c.position(filepath.Join(folder, "o.dat"))
			return nil
		})
	}))
}

// description checks the description of a stream or a consumer, whose checksum is in another file.
func (c *storeCheck) description(folder, name string) {
	meta, sum := filepath.Join(folder, "meta.inf"), filepath.Join(folder, "meta.sum")
	content, metaErr := readFile(filepath.Join(c.path, meta))
	want, sumErr := readFile(filepath.Join(c.path, sum))
	if metaErr != nil || sumErr != nil || isZero(content) || isZero(want) { // a power cut came before they were on the disk
		c.remove(meta)
		c.remove(sum)
		return
	}
	if sumOf(name, content) == string(want) {
		return
	}
	c.damaged(meta, "it does not fit its checksum, in "+filepath.Join(c.path, sum))
	c.setAsideDamaged(meta)
}

func sumOf(name string, content []byte) string {
	key := sha256.Sum256([]byte(name))
	hash, err := highwayhash.New64(key[:])
	if err != nil {
		return ""
	}
	_, _ = hash.Write(content)
	return hex.EncodeToString(hash.Sum(nil))
}

func (c *storeCheck) position(relative string) {
	content, err := readFile(filepath.Join(c.path, relative))
	if err != nil || isPosition(content) {
		return
	}
	c.damaged(relative, "its numbers contradict each other")
	c.setAsideDamaged(relative)
}

// blocks checks the blocks of a stream.
func (c *storeCheck) blocks(folder, stream string) {
	entries, err := os.ReadDir(filepath.Join(c.path, folder))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		c.fail(err)
	}
	last := 0
	for _, entry := range entries {
		if index, ok := blockIndex(entry.Name()); ok {
			last = max(last, index)
		}
	}
	for _, entry := range entries {
		index, ok := blockIndex(entry.Name())
		if !ok {
			continue
		}
		relative := filepath.Join(folder, entry.Name())
		content, err := readFile(filepath.Join(c.path, relative))
		if err != nil {
			c.damaged(relative, err.Error())
			continue
		}
		reader, err := newBlockReader(stream, index)
		c.fail(err)
		if err == nil && isDamagedBlock(reader, content, index == last) {
			c.damaged(relative, "it contains a part that is not a record")
			c.repairBlock(relative, content)
		}
	}
}

// isDamagedBlock reports whether a block has parts that a power cut does not explain.
func isDamagedBlock(reader *blockReader, block []byte, last bool) bool {
	if bytes.HasPrefix(block, []byte("cmp")) {
		return false // compressed, by another program
	}
	for _, bad := range reader.badRanges(block) {
		part := block[bad.from:bad.to]
		if isZero(part[:min(len(part), recordHead)]) || last && bad.to == len(block) && reader.isTorn(part) {
			continue
		}
		return true
	}
	return false
}

func blockIndex(name string) (int, bool) {
	digits, ok := strings.CutSuffix(name, ".blk")
	index, err := strconv.Atoi(digits)
	return index, ok && err == nil
}

// repairBlock removes the parts of a block that are no records, and keeps the damaged block.
func (c *storeCheck) repairBlock(relative string, block []byte) {
	if !c.goOn {
		return
	}
	index, _ := blockIndex(filepath.Base(relative))
	stream := filepath.Base(filepath.Dir(filepath.Dir(relative)))
	reader, err := newBlockReader(stream, index)
	c.fail(err)
	if err != nil {
		return
	}
	var readable []byte
	at := 0
	for _, bad := range reader.badRanges(block) {
		readable = append(readable, block[at:bad.from]...)
		at = bad.to
	}
	c.setAside(relative)
	c.fail(replaceFile(filepath.Join(c.path, relative), append(readable, block[at:]...)))
}

func (c *storeCheck) damaged(relative, reason string) {
	err := fmt.Errorf("%s: %s", filepath.Join(c.path, relative), reason)
	c.found = append(c.found, err)
	if c.goOn {
		c.log.LogAttrs(context.Background(), slog.LevelError, "A file of the store is damaged. The engine goes on with what is readable.", slog.String("error", err.Error()))
	}
}

// setAsideDamaged moves a damaged file away if the caller goes on. A description is moved with its checksum, so that the
// server writes both again.
func (c *storeCheck) setAsideDamaged(relative string) {
	if !c.goOn {
		return
	}
	folder, base := filepath.Split(relative)
	if base == "meta.inf" || base == "meta.sum" {
		c.setAside(folder + "meta.inf")
		c.setAside(folder + "meta.sum")
		return
	}
	c.setAside(relative)
}

// setAside moves a file into the folder of damaged files.
func (c *storeCheck) setAside(relative string) {
	kept := filepath.Join(c.path, damagedFolder, relative)
	err := os.MkdirAll(filepath.Dir(kept), 0o700)
	if err == nil {
		err = os.Rename(filepath.Join(c.path, relative), kept)
	}
	if !errors.Is(err, os.ErrNotExist) {
		c.fail(err)
	}
}

func (c *storeCheck) remove(relative string) {
	if err := os.Remove(filepath.Join(c.path, relative)); !errors.Is(err, os.ErrNotExist) {
		c.fail(err)
	}
}

func (c *storeCheck) fail(err error) {
	if err != nil {
		c.errors = append(c.errors, err)
	}
}
