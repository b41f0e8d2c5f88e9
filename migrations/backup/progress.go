package backup

import (
	"bytes"
	"io"
)

// Progress is how far a backup or a restore has come.
type Progress struct {
	Stage string // "saved", "checked", "restored"
	Table string
	Rows  int64 // of the table
	Bytes int64 // of the table
	Of    int64 // all rows of the table; 0 if that is not known yet
}

// Report is called often: with each piece of a table.
type Report func(Progress)

// counter counts the bytes and rows that pass. A row in COPY's text format is a line.
type counter struct {
	to           io.Writer
	report       Report
	stage, table string
	rows, bytes  int64
	of           int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.bytes += int64(n)
	c.rows += int64(bytes.Count(p[:n], []byte{'\n'}))
	c.report(Progress{Stage: c.stage, Table: c.table, Rows: c.rows, Bytes: c.bytes, Of: c.of})
	return n, err
}
