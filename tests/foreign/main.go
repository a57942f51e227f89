// A verifier that nobody here wrote the heart of: golang.org/x/mod/sumdb (note, tlog), with cosignatures added.
//
//	verifier log DIR LOGKEY MINSIZE NEEDED WITNESSKEY...   checks a whole log
//	verifier proofs                                        checks proofs, one JSON document a line on standard input
//	verifier digest N                                      SHA-256 over all proofs of the numbers 0..N-1
package main

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(err error) {
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
}

func refuse(format string, values ...interface{}) { check(fmt.Errorf(format, values...)) }

// witness is a verifier of cosignatures, type 0x04.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(msg, sig []byte) bool {
	if len(sig) != 72 {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig[:8]))
	return ed25519.Verify(w.key, append([]byte(head), msg...), sig[8:])
}

func newWitness(vkey string) witness {
	parts := strings.SplitN(vkey, "+", 3)
	body, err := base64.StdEncoding.DecodeString(parts[2])
	check(err)
	if len(body) != 33 || body[0] != 4 {
		refuse("no witness key: %s", vkey)
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), body...))
	if hex.EncodeToString(sum[:4]) != parts[1] {
		refuse("key id of %s", vkey)
	}
	return witness{parts[0], binary.BigEndian.Uint32(sum[:4]), body[1:]}
}

func path(kind string, n int64, w int) string {
	tile := tlog.Tile{H: 8, L: 0, N: n, W: w}.Path() // tile/8/0/x001/234.p/5
	return "tile/" + kind + strings.TrimPrefix(tile, "tile/8/0")
}

type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = m[index]
	}
	return out, nil
}

func (m *memory) add(n int64, data []byte) {
	hashes, err := tlog.StoredHashes(n, data, *m)
	check(err)
	*m = append(*m, hashes...)
}

func checkLog(dir, logKey string, least int64, needed int, witnesses []string) {
	logVerifier, err := note.NewVerifier(logKey)
	check(err)
	verifiers := []note.Verifier{logVerifier}
	for _, vkey := range witnesses {
		verifiers = append(verifiers, newWitness(vkey))
	}
	data, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	check(err)
	opened, err := note.Open(data, note.VerifierList(verifiers...))
	check(err)
	cosigned, signed := 0, false
	for _, sig := range opened.Sigs {
		if sig.Name == logVerifier.Name() && sig.Hash == logVerifier.KeyHash() {
			signed = true
		} else {
			cosigned++
		}
	}
	if !signed || cosigned < needed {
		refuse("signed %v, cosigned by %d of %d", signed, cosigned, needed)
	}
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	if size < least {
		refuse("size %d, seen %d", size, least)
	}
	var hashes memory
	for n := int64(0); n*256 < size; n++ {
		w := 256
		if size-n*256 < 256 {
			w = int(size - n*256)
		}
		data, err := os.ReadFile(filepath.Join(dir, path("entries", n, w)))
		check(err)
		for i := 0; i < w; i++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				refuse("bundle %d is cut off", n)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			hashes.add(n*256+int64(i), data[2:end])
			data = data[end:]
		}
		if len(data) > 0 {
			refuse("bundle %d is too long", n)
		}
	}
	found, err := tlog.TreeHash(size, hashes)
	check(err)
	if found != root {
		refuse("root")
	}
	for level := 0; size>>uint(8*level) > 0; level++ {
		count := size >> uint(8*level)
		for n := int64(0); n*256 < count; n++ {
			w := 256
			if count-n*256 < 256 {
				w = int(count - n*256)
			}
			expected, err := tlog.ReadTileData(tlog.Tile{H: 8, L: level, N: n, W: w}, hashes)
			check(err)
			data, err := os.ReadFile(filepath.Join(dir, path(strconv.Itoa(level), n, w)))
			check(err)
			if !bytes.Equal(data, expected) {
				refuse("tile %d/%d", level, n)
			}
		}
	}
	fmt.Printf("accepted: %d entries, %d cosignatures\n", size, cosigned)
}

type proof struct {
	Kind  string
	Index int64
	Size  int64
	Leaf  string
	Root  string
	Proof []string
}

func hash(text string) (out tlog.Hash) {
	data, err := hex.DecodeString(text)
	check(err)
	copy(out[:], data)
	return out
}

func checkProofs() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	count := 0
	for lines.Scan() {
		var found proof
		check(json.Unmarshal(lines.Bytes(), &found))
		hashes := make([]tlog.Hash, len(found.Proof))
		for i, text := range found.Proof {
			hashes[i] = hash(text)
		}
		if found.Kind == "inclusion" {
			check(tlog.CheckRecord(hashes, found.Size, hash(found.Root), found.Index, hash(found.Leaf)))
		} else {
			check(tlog.CheckTree(hashes, found.Size, hash(found.Root), found.Index, hash(found.Leaf)))
		}
		count++
	}
	fmt.Printf("accepted: %d proofs\n", count)
}

func digest(most int64) {
	var hashes memory
	sum := sha256.New()
	for n := int64(1); n <= most; n++ {
		hashes.add(n-1, []byte(strconv.FormatInt(n-1, 10)))
		for m := int64(1); m <= n; m++ {
			record, err := tlog.ProveRecord(n, m-1, hashes)
			check(err)
			tree, err := tlog.ProveTree(n, m, hashes)
			check(err)
			for _, h := range append(append([]tlog.Hash{}, record...), tree...) {
				sum.Write(h[:])
			}
		}
	}
	fmt.Println(hex.EncodeToString(sum.Sum(nil)))
}

func main() {
	switch os.Args[1] {
	case "log":
		least, err := strconv.ParseInt(os.Args[4], 10, 64)
		check(err)
		needed, err := strconv.Atoi(os.Args[5])
		check(err)
		checkLog(os.Args[2], os.Args[3], least, needed, os.Args[6:])
	case "proofs":
		checkProofs()
	case "digest":
		most, err := strconv.ParseInt(os.Args[2], 10, 64)
		check(err)
		digest(most)
	}
}
