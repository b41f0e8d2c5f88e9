package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"reflect"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"taskwire.dev/shared/fault"
)

// Limits of a JSON body. They bound the memory of decoding, and valid requests are far below them: a batch of 100 tasks with all
// members, tags and reminders has 10,000 values.
const (
	maxItems  = 100 // of any array
	maxValues = 20_000
	maxDepth  = 32
	maxName   = 1000 // bytes
)

// DecodeJSON decodes one JSON value into v, a pointer to a struct, a map or a json.RawMessage. It reads the body once and stops
// as soon as a limit is exceeded, or there are more errors than fault.Fields lists. It is strict, so that typos are reported and
// all readers of a body agree on its meaning (RFC 8259, 4): names are case-sensitive, and unknown and repeated names are invalid.
// Raw messages in v share memory with body.
func DecodeJSON(body []byte, v any) error {
	d := decoder{body: body, tokens: decoders.Get().(*jsontext.Decoder)}
	d.tokens.Reset(bytes.NewBuffer(body))
	err := d.document(reflect.ValueOf(v).Elem())
	if len(body) <= maxPooled {
		decoders.Put(d.tokens)
	}
	if err != nil && !errors.Is(err, errEnough) {
		return d.fault(err)
	}
	return d.fs.Err()
}

// maxPooled is the longest body whose decoder returns to the pool: a decoder keeps buffers of the size of its input.
const maxPooled = 16 << 10

var decoders = sync.Pool{New: func() any { return new(jsontext.Decoder) }}

// errEnough stops decoding: the recorded errors are enough for the response.
var errEnough = errors.New("enough errors recorded")

// byteOrderMark is U+FEFF in UTF-8; some editors begin files with it.
var byteOrderMark = []byte("\ufeff")

type decoder struct {
	body   []byte
	tokens *jsontext.Decoder
	values int
	fs     fault.Fields
}

// fault returns the fault for an error of decoding.
func (d *decoder) fault(err error) error {
	var f *fault.Error
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, jsontext.ErrDuplicateName) && errors.As(err, &syntax):
		d.fs.Add(string(syntax.JSONPointer), "appears twice")
		return d.fs.Err()
	case errors.Is(err, io.EOF):
		return fault.New(fault.Malformed, "the body is empty; JSON is expected")
	case bytes.HasPrefix(d.body, byteOrderMark):
		return fault.New(fault.Malformed, "the body begins with a byte order mark; send it without (RFC 8259, 8.1)")
	case !utf8.Valid(d.body):
		return fault.New(fault.Malformed, "the body is not UTF-8")
	case errors.As(err, &syntax):
		return fault.Wrap(fault.Malformed, err, "the body is not valid JSON at byte "+strconv.FormatInt(syntax.ByteOffset, 10))
	default:
		return fault.Wrap(fault.Malformed, err, "the body is not valid JSON")
	}
}

func (d *decoder) document(v reflect.Value) error {
	if d.tokens.PeekKind() == jsontext.KindNull && v.Kind() == reflect.Struct {
		d.fs.Add("", "must be an object")
		return errEnough
	}
	if err := d.value(v); err != nil {
		return err
	}
	if _, err := d.tokens.ReadToken(); !errors.Is(err, io.EOF) {
		return fault.New(fault.Malformed, "the body has data after the JSON value")
	}
	return nil
}

// note records an error about the last value or name.
func (d *decoder) note(format string, args ...any) error {
	d.fs.Add(string(d.tokens.StackPointer()), format, args...)
	if d.fs.Full() {
		return errEnough
	}
	return nil
}

// count enforces the limits on the number and nesting of values.
func (d *decoder) count() error {
	if d.values++; d.values > maxValues {
		return fault.New(fault.TooLarge, "the body has more than %d JSON values", maxValues)
	}
	if d.tokens.StackDepth() > maxDepth {
		return fault.New(fault.Malformed, "the body is nested more than %d levels deep", maxDepth)
	}
	return nil
}

var rawMessage = reflect.TypeFor[json.RawMessage]()

// value decodes the next value into v. As in encoding/json, null leaves v unchanged, or sets a pointer, slice or map to nil.
func (d *decoder) value(v reflect.Value) error {
	if v.Type() == rawMessage {
		raw, err := d.raw()
		if err == nil {
			v.SetBytes(raw)
		}
		return err
	}
	kind := d.tokens.PeekKind()
	if kind == jsontext.KindNull {
		switch v.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			v.SetZero()
		}
		return d.skip()
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		return d.value(v.Elem())
	}
	if kind == jsontext.KindFalse {
		kind = jsontext.KindTrue // either is a boolean
	}
	want, name := kindOf(v)
	if kind != want {
		if err := d.skip(); err != nil {
			return err
		}
		return d.note("must be %s", name)
	}
	if err := d.count(); err != nil {
		return err
	}
	switch v.Kind() {
	case reflect.Struct:
		return d.object(v)
	case reflect.Map:
		return d.members(v)
	case reflect.Slice:
		return d.array(v)
	default:
		return d.scalar(v)
	}
}

// kindOf returns the kind of JSON that a Go value is decoded from, and its name for errors.
func kindOf(v reflect.Value) (kind jsontext.Kind, name string) {
	switch v.Kind() {
	case reflect.Struct, reflect.Map:
		return jsontext.KindBeginObject, "an object"
	case reflect.Slice:
		return jsontext.KindBeginArray, "an array"
	case reflect.String:
		return jsontext.KindString, "a string"
	case reflect.Int, reflect.Int64:
		return jsontext.KindNumber, "a number"
	case reflect.Bool:
		return jsontext.KindTrue, "true or false"
	default:
		panic("DecodeJSON does not decode into " + v.Type().String())
	}
}

func (d *decoder) scalar(v reflect.Value) error {
	token, err := d.tokens.ReadToken()
	if err != nil {
		return err
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(token.String())
	case reflect.Bool:
		v.SetBool(token.Bool())
	default:
		n, ok := integer(token.String())
		if !ok || v.OverflowInt(n) {
			return d.note("must be a whole number, and not so large")
		}
		v.SetInt(n)
	}
	return nil
}

// integer returns the whole number that a JSON number stands for in any of its forms: 90, 90.0 and 9e1 are one value to JSON Schema, and
// to an Idempotency-Key.
func integer(s string) (int64, bool) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(s, 64)
	const exact = 1 << 53 // below which every whole number is a float64
	return int64(f), err == nil && f == math.Trunc(f) && math.Abs(f) < exact
}

func (d *decoder) object(v reflect.Value) error {
	if _, err := d.tokens.ReadToken(); err != nil {
		return err
	}
	known := fieldsOf(v.Type())
	for d.tokens.PeekKind() != jsontext.KindEndObject {
		name, err := d.tokens.ReadValue()
		if err != nil {
			return err
		}
		if len(name) > maxName { // the decoder would copy it for the JSON Pointer
			return fault.New(fault.Malformed, "the body has a field name of more than %d bytes", maxName)
		}
		index, ok := known.index(name)
		if ok {
			err = d.value(v.Field(index))
		} else if err = d.note("is an unknown field%s", known.suggest(name)); err == nil {
			err = d.skip()
		}
		if err != nil {
			return err
		}
	}
	_, err := d.tokens.ReadToken()
	return err
}

// members decodes an object into a map of raw messages by name.
func (d *decoder) members(v reflect.Value) error {
	if _, err := d.tokens.ReadToken(); err != nil {
		return err
	}
	out := reflect.MakeMap(v.Type())
	for d.tokens.PeekKind() != jsontext.KindEndObject {
		name, err := d.tokens.ReadToken()
		if err != nil {
			return err
		}
		key, member := reflect.ValueOf(name.String()), reflect.New(v.Type().Elem()).Elem()
		if err := d.value(member); err != nil {
			return err
		}
		out.SetMapIndex(key, member)
	}
	v.Set(out)
	_, err := d.tokens.ReadToken()
	return err
}

func (d *decoder) array(v reflect.Value) error {
	if _, err := d.tokens.ReadToken(); err != nil {
		return err
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, 4))
	element := reflect.New(v.Type().Elem()).Elem()
	for d.tokens.PeekKind() != jsontext.KindEndArray {
		if v.Len() == maxItems {
			d.fs.Add(string(d.tokens.StackPointer().Parent()), "has more than %d items", maxItems)
			return errEnough
		}
		element.SetZero()
		if err := d.value(element); err != nil {
			return err
		}
		v.Set(reflect.Append(v, element))
	}
	_, err := d.tokens.ReadToken()
	return err
}

// raw reads the next value and returns its bytes in the body.
func (d *decoder) raw() ([]byte, error) {
	start := d.tokens.InputOffset()
	if err := d.skip(); err != nil {
		return nil, err
	}
	end := d.tokens.InputOffset()
	// Between two values there are a separator and whitespace.
	return bytes.TrimLeft(d.body[start:end:end], ":, \t\r\n"), nil
}

// skip reads the next value token by token, because the decoder's SkipValue has no limits.
func (d *decoder) skip() error {
	for depth := d.tokens.StackDepth(); ; {
		in, n := d.tokens.StackIndex(d.tokens.StackDepth())
		name := in == jsontext.KindBeginObject && n%2 == 0 // or the object's end
		if !name && d.tokens.PeekKind() != jsontext.KindEndArray {
			if err := d.count(); err != nil {
				return err
			}
		}
		if _, err := d.tokens.ReadToken(); err != nil {
			return err
		}
		if d.tokens.StackDepth() <= depth {
			return nil
		}
	}
}
