package command

import (
	"path/filepath"
	"strings"
)

// contactFormat is the format of a file of contacts.
type contactFormat string

const (
	formatCSV   contactFormat = "csv"
	formatJSONL contactFormat = "jsonl"
)

// contactFormatOf returns the format of the flag --format or, without the flag, of the name of the file.
func contactFormatOf(flag, file string) (contactFormat, error) {
	switch format := contactFormat(flag); format {
	case formatCSV, formatJSONL:
		return format, nil
	case "":
	default:
		return "", usageError("--format must be csv or jsonl")
	}
	switch strings.ToLower(filepath.Ext(file)) {
	case ".csv":
		return formatCSV, nil
	case ".jsonl", ".ndjson":
		return formatJSONL, nil
	}
	return "", usageError("--format is missing: use csv or jsonl")
}
