package postgres

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"taskwire.dev/shared/fault"
)

func TestFault_TellsADatabaseThatIsAwayFromABug(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]fault.Code{
		"57P01": fault.Unavailable, "40P01": fault.Unavailable, "25006": fault.Unavailable,
		"3D000": fault.Unavailable, "42P01": fault.Unavailable, "42883": fault.Unavailable, // between dropping a database and restoring it
		"42601": fault.Internal, "42501": fault.Internal, "23505": fault.Internal,
	} {
		err := Fault(fmt.Errorf("query: %w", &pgconn.PgError{Code: code}))
		if !fault.Is(err, want) {
			t.Errorf("%s: %v, want %s", code, err, want)
		}
	}
	if err := Fault(io.ErrUnexpectedEOF); !fault.Is(err, fault.Unavailable) {
		t.Errorf("%v", err)
	}
	if refused := fault.New(fault.Conflict, "taken"); !errors.Is(Fault(refused), refused) {
		t.Error("a fault is changed")
	}
}
