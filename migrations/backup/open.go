package backup

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
)

// Backup is an open backup.
type Backup struct {
	Manifest
	archive *zip.ReadCloser
}

// Open opens the backup at path. It reads the manifest only; Verify reads the rest.
func Open(path string) (*Backup, error) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("%s is not a complete backup: %w", path, err)
	}
	b := &Backup{archive: archive}
	if err := b.readManifest(); err != nil {
		_ = archive.Close()
		return nil, fmt.Errorf("%s is not a complete backup: %w", path, err)
	}
	if b.Format != format {
		_ = archive.Close()
		return nil, fmt.Errorf("%s has format %d, which release %s writes; this program reads format %d", path, b.Format, b.Release, format)
	}
	return b, nil
}

func (b *Backup) readManifest() error {
	file, err := b.archive.Open(manifestFile)
	if err != nil {
		return err
	}
	defer file.Close()
	return json.NewDecoder(file).Decode(&b.Manifest)
}

// Close closes the file.
func (b *Backup) Close() error { return b.archive.Close() }

// Verify reads all tables and compares them with the manifest.
func (b *Backup) Verify(report Report) error {
	for _, t := range b.Tables {
		if err := b.copyTo(io.Discard, t, "checked", report); err != nil {
			return fmt.Errorf("the backup is damaged: table %s: %w", t.Name, err)
		}
	}
	return nil
}

// copyTo copies the rows of a table, and fails at the end if they are not those that were written.
func (b *Backup) copyTo(to io.Writer, t Table, stage string, report Report) error {
	file, err := b.archive.Open(t.file())
	if err != nil {
		return err
	}
	defer file.Close()
	sum := sha256.New()
	c := &counter{to: io.MultiWriter(sum, to), stage: stage, table: t.Name, of: t.Rows, report: report}
	if _, err := io.Copy(c, file); err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != t.SHA256 || c.rows != t.Rows {
		return fmt.Errorf("has %d rows with SHA-256 %s, want %d with %s", c.rows, got, t.Rows, t.SHA256)
	}
	return nil
}
