// Package backup writes the contents of Taskwire's database to a file, and restores a database from one.
//
// A backup is a ZIP archive: manifest.json, and for each table its rows as PostgreSQL's COPY writes them. The schema is not in it,
// only its version, because the migrations are the schema (docs/decisions/0030-backups.md).
package backup

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// format is the version of the archive's layout.
const format = 1

const manifestFile = "manifest.json"

// Manifest describes a backup.
type Manifest struct {
	Format int `json:"format"`
	// Release is the version or commit of the program that wrote the backup.
	Release string `json:"release"`
	// Schema is the last migration of the database.
	Schema int64 `json:"schema"`
	// Taken is the time of the snapshot: the backup has every change that was acknowledged before it.
	Taken  time.Time `json:"taken"`
	Tables []Table   `json:"tables"`
}

// Table describes the rows of one table.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
	// Bytes and SHA256 are of the rows before compression.
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func (t Table) file() string { return "tables/" + t.Name + ".copy" }

func (t Table) columns() string {
	quoted := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		quoted[i] = quote(c)
	}
	return strings.Join(quoted, ", ")
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

// Rows is the number of rows of a table; 0 for one that is not in the backup.
func (m Manifest) Rows(table string) int64 {
	for _, t := range m.Tables {
		if t.Name == table {
			return t.Rows
		}
	}
	return 0
}

// Write writes a backup of the database at url to a new file. It reads one snapshot, without blocking writes. The role of url must
// see all rows of all tables, as taskwire_backup and the owner do. The file is complete, or not there at all.
func Write(ctx context.Context, url, path, release string, report Report) (Manifest, error) {
	if _, err := os.Lstat(path); err == nil {
		return Manifest{}, fmt.Errorf("%s exists already; a backup never replaces a file", path)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return Manifest{}, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	// In the folder of the backup, so that it can be renamed. CreateTemp gives nobody else the right to read it.
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return Manifest{}, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	m, err := write(ctx, conn, file, release, report)
	if err != nil {
		return m, err
	}
	if err := file.Sync(); err != nil {
		return m, err
	}
	return m, publish(file.Name(), path)
}

// publish gives a finished file its name, unless that has been taken meanwhile.
func publish(from, to string) error {
	err := os.Link(from, to)
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s exists already; a backup never replaces a file", to)
	case err != nil: // not every file system has hard links
		err = os.Rename(from, to)
	}
	if err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

func write(ctx context.Context, conn *pgx.Conn, to io.Writer, release string, report Report) (m Manifest, err error) {
	m = Manifest{Format: format, Release: release}
	expected, err := tables(ctx, conn)
	if err != nil {
		return m, err
	}
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return m, err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if m.Tables, err = lockTables(ctx, tx, expected); err != nil {
		return m, err
	}
	// now() is the start of the transaction, which is before its snapshot.
	const version = `SELECT now(), coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`
	if err := tx.QueryRow(ctx, version).Scan(&m.Taken, &m.Schema); err != nil {
		return m, fmt.Errorf("read the version of the schema: %w", err)
	}
	m.Taken = m.Taken.UTC()
	if err := checkVisible(ctx, tx); err != nil {
		return m, err
	}
	archive := zip.NewWriter(to)
	for i := range m.Tables {
		if err := writeTable(ctx, tx, archive, &m.Tables[i], report); err != nil {
			return m, fmt.Errorf("table %s: %w", m.Tables[i].Name, err)
		}
	}
	content, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return m, err
	}
	entry, err := archive.Create(manifestFile)
	if err != nil {
		return m, err
	}
	if _, err := entry.Write(content); err != nil {
		return m, err
	}
	return m, archive.Close()
}

func writeTable(ctx context.Context, tx pgx.Tx, archive *zip.Writer, t *Table, report Report) error {
	entry, err := archive.Create(t.file())
	if err != nil {
		return err
	}
	sum := sha256.New()
	progress := &counter{to: io.MultiWriter(sum, entry), table: t.Name, stage: "saved", report: report}
	copyOut := fmt.Sprintf(`COPY (SELECT %s FROM %s) TO STDOUT`, t.columns(), quote(t.Name))
	tag, err := tx.Conn().PgConn().CopyTo(ctx, progress, copyOut)
	if err != nil {
		return err
	}
	t.Rows, t.Bytes, t.SHA256 = tag.RowsAffected(), progress.bytes, hex.EncodeToString(sum.Sum(nil))
	return nil
}
