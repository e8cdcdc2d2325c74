// Command coverage reports how much of the live platform a contract covers: operations with their query parameters and
// callbacks, schemas, properties and enum values.
//
// Usage:
//
//	coverage INDEX CONTRACT [LEFT-OUT]   compare, and fail if a fact is missing and not left out on purpose
//	coverage -index CONTRACT             write the index of a contract
//
// The index of the platform is internal/spec/platform-index.txt. A line of LEFT-OUT is a line of the report, a tab and
// the reason.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

func main() {
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, args []string) error {
	if len(args) == 2 && args[0] == "-index" {
		contract, err := readContract(args[1])
		if err != nil {
			return err
		}
		return contract.writeIndex(w)
	}
	if len(args) < 2 || len(args) > 3 {
		return fmt.Errorf("want INDEX CONTRACT [LEFT-OUT] or -index CONTRACT, not %d arguments", len(args))
	}
	platform, err := readIndex(args[0])
	if err != nil {
		return err
	}
	contract, err := readContract(args[1])
	if err != nil {
		return err
	}
	var leftOut []string
	if len(args) == 3 {
		if leftOut, err = readLeftOut(args[2]); err != nil {
			return err
		}
	}
	return compare(platform, contract).write(w, leftOut)
}

// readLeftOut returns the names that are left out. Each must have a reason.
func readLeftOut(path string) ([]string, error) {
	lines, err := readLines(path)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, line := range lines {
		name, reason, _ := strings.Cut(line, "\t")
		if strings.TrimSpace(reason) == "" {
			return nil, fmt.Errorf("%s: %q has no reason", path, name)
		}
		names = append(names, name)
	}
	return names, nil
}

// readLines returns the lines of a file without empty ones and comments.
func readLines(path string) ([]string, error) {
	data, err := os.ReadFile(path) //nolint:gosec // The path is the program's argument.
	if err != nil {
		return nil, err
	}
	lines := strings.Split(string(data), "\n")
	return slices.DeleteFunc(lines, func(line string) bool {
		return strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#")
	}), nil
}
