package main

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// madeUp is a file of people who do not exist.
//
//go:embed people.csv
var madeUp string

// person is a row of the file.
type person struct{ id, name, number string }

var columns = []string{"id", "name", "number"}

// readPeople reads a file of people, or without a name those who do not exist.
func readPeople(name string) ([]person, error) {
	content := madeUp
	if name != "" {
		read, err := os.ReadFile(name) //nolint:gosec // The user names the file.
		if err != nil {
			return nil, err
		}
		content = string(read)
	}
	rows, err := csv.NewReader(strings.NewReader(content)).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || !slices.Equal(rows[0], columns) {
		return nil, errors.New("-file does not begin with the line id,name,number")
	}
	people := make([]person, 0, len(rows)-1)
	for i, row := range rows[1:] {
		if row[0] == "" || row[2] == "" {
			return nil, fmt.Errorf("-file: row %d has no id or no number", i+2)
		}
		people = append(people, person{id: row[0], name: row[1], number: row[2]})
	}
	return people, nil
}
