package command

import (
	"fmt"
	"strings"

	"github.com/sinchgo/conversation/conversationctl/doctor"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

// levels are the levels of findings in the order in which they are printed.
var levels = []doctor.Level{doctor.LevelFailure, doctor.LevelWarning, doctor.LevelOK}

var levelStyles = map[doctor.Level]console.Style{
	doctor.LevelFailure: console.Red, doctor.LevelWarning: console.Yellow, doctor.LevelOK: console.Green,
}

// report prints findings, worst first, and how many there are of each level. The error has the exit code.
func (e *examination) report(findings []doctor.Finding) error {
	counts := map[doctor.Level]int{}
	for _, level := range levels {
		for _, finding := range findings {
			if finding.Level != level {
				continue
			}
			counts[level]++
			if err := e.printFinding(finding); err != nil {
				return err
			}
		}
	}
	e.Note("%s, %s, %d ok.", counted(counts[doctor.LevelFailure], "failure"), counted(counts[doctor.LevelWarning], "warning"), counts[doctor.LevelOK])
	switch {
	case counts[doctor.LevelFailure] > 0:
		return &exitError{code: 2}
	case counts[doctor.LevelWarning] > 0:
		return &exitError{code: 1}
	}
	return nil
}

// printFinding prints a finding on one line.
func (e *examination) printFinding(finding doctor.Finding) error {
	if e.JSON {
		return e.PrintJSONLine(finding)
	}
	level := string(finding.Level)
	rest := strings.TrimPrefix(finding.String(), level)
	_, err := fmt.Fprintln(e.Out, e.Paint(levelStyles[finding.Level], level)+rest)
	return err
}

// counted returns a number of things in words.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
