package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
)

// person is a row of the file.
type person struct{ id, name, number string }

var columns = []string{"id", "name", "number"}

// readPeople reads a file of people.
func readPeople(name string) ([]person, error) {
	file, err := os.Open(name) //nolint:gosec // The user names the file.
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
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

// makePeople writes a file of people who do not exist.
func makePeople(name string, count int) error {
	file, err := os.Create(name) //nolint:gosec // A folder of this program.
	if err != nil {
		return err
	}
	rows := csv.NewWriter(file)
	err = rows.Write(columns)
	for i := 0; i < count && err == nil; i++ {
		err = rows.Write([]string{strconv.Itoa(i + 1), "Ana", fmt.Sprintf("1555%07d", i)})
	}
	rows.Flush()
	return errors.Join(err, rows.Error(), file.Close())
}
