package dapr

import (
	"context"
	"time"

	daprclient "github.com/dapr/go-sdk/client"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"taskwire.dev/shared/fault"
)

// Versioned keeps values that several replicas read and write again: each write names what it was based on.
type Versioned struct{ client daprclient.Client }

// NewVersioned returns the state that all functions share: a key begins with what it is of, such as "context:".
func NewVersioned(client daprclient.Client) *Versioned { return &Versioned{client: client} }

// Get returns a value and its ETag, which is "" where there is none.
func (s *Versioned) Get(ctx context.Context, key string) (value []byte, etag string, err error) {
	ctx, cancel := context.WithTimeout(ctx, StateTimeout)
	defer cancel()
	item, err := s.client.GetState(ctx, StateStore, key, nil)
	if err != nil {
		return nil, "", fault.WrapUnavailable("the state store", err)
	}
	if len(item.Value) == 0 {
		return nil, "", nil
	}
	return item.Value, item.Etag, nil
}

// Put keeps a value, if the key still has the ETag that Get returned. A Conflict says that somebody was faster.
func (s *Versioned) Put(ctx context.Context, key string, value []byte, etag string, keep time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, StateTimeout)
	defer cancel()
	if etag == "" {
		etag = Absent // without one Dapr would fail instead of comparing
	}
	err := s.client.SaveBulkState(ctx, StateStore, &daprclient.SetStateItem{
		Key: key, Value: value, Etag: &daprclient.ETag{Value: etag}, Metadata: TTL(keep),
		Options: &daprclient.StateOptions{Concurrency: daprclient.StateConcurrencyFirstWrite, Consistency: daprclient.StateConsistencyStrong},
	})
	switch {
	case err == nil:
		return nil
	case status.Code(err) == codes.Aborted:
		return fault.Wrap(fault.Conflict, err, "somebody else has written it meanwhile")
	default:
		return fault.WrapUnavailable("the state store", err)
	}
}
