// The hot path in C, for comparison: llhttp with its spans noted and its head checked, our JSON scanner, an
// open-addressing table whose nodes become marks in place, one allocation for the record, the answer's bytes.
// It knows one shape of request and has no limits to speak of: a measure, not a server.
#include "CReference.h"

#include "CJSONScan.h"
#include "CHTTPHead.h"
#include "CLLHTTP.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 100, ANSWER_MAX = 512, TURN_MAX = 64, NONE = -1 };

typedef struct {
    const char *start;
    size_t count;
} piece;

typedef struct {
    uint64_t run[2], step;
    uint64_t key[5];
    uint32_t key_count, kind;
    int32_t timer_next, timer_previous;
} node;

typedef struct {
    uint64_t *slots;
    uint64_t mask;
} slot_table;

/// A callback's record: what the run gets, in one allocation.
typedef struct {
    uint32_t key_count, status_count, result_count;
    uint8_t bytes[];
} record;

/// What goes on to a run at the end of a turn.
typedef struct {
    uint64_t run[2], step;
    record *callback;
} matched;

struct sluice_reference {
    llhttp_t parser;
    llhttp_settings_t settings;
    piece target, names[FIELDS_MAX], values[FIELDS_MAX];
    size_t fields;
    sluice_json_tape tape;
    node *nodes;
    uint32_t used, room;
    slot_table keys, prints, waits;
    int32_t timers, oldest, newest;
    _Atomic uint32_t lock, directory_lock;
    _Atomic uint64_t number;
    uint64_t random, seeds[4];
    char answer[ANSWER_MAX];
    matched matched[TURN_MAX];
    size_t matched_count;
};

// MARK: Hashes

static inline uint64_t fold(uint64_t one, uint64_t other)
{
    unsigned __int128 product = (unsigned __int128)one * other;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t word(const uint8_t *bytes, size_t count)
{
    uint64_t word = 0;
    memcpy(&word, bytes, count < 8 ? count : 8);
    return word;
}

static void absorb(const uint64_t *seeds, const uint8_t *bytes, size_t count, uint64_t lanes[2])
{
    for (; count > 0; bytes += 16, count -= count < 16 ? count : 16) {
        uint64_t one = word(bytes, count), other = count > 8 ? word(bytes + 8, count - 8) : 0;
        lanes[0] = fold(one ^ seeds[0], other ^ lanes[0]);
        lanes[1] = fold(other ^ seeds[1], one ^ lanes[1]);
    }
}

static uint64_t key_hash(const uint64_t *seeds, const uint64_t key[5])
{
    uint64_t state = fold(key[0] ^ seeds[0], key[1] ^ seeds[1]);
    state = fold(key[2] ^ seeds[2], key[3] ^ state);
    return fold(key[4] ^ seeds[3], state);
}

// MARK: Open addressing: 32 bits of hash, 32 bits of node

static void slots_make(slot_table *table, size_t values)
{
    size_t count = 16;
    while (count < values * 2) count *= 2;
    table->slots = malloc(count * 8);
    table->mask = count - 1;
}

static void slots_insert(slot_table *table, uint32_t hash, uint32_t value)
{
    uint64_t place = hash & table->mask;
    while (table->slots[place] != UINT64_MAX) place = (place + 1) & table->mask;
    table->slots[place] = (uint64_t)hash << 32 | value;
}

static void slots_remove(slot_table *table, uint32_t hash, uint32_t value)
{
    uint64_t hole = hash & table->mask, wanted = (uint64_t)hash << 32 | value;
    while (table->slots[hole] != wanted) {
        if (table->slots[hole] == UINT64_MAX) return;
        hole = (hole + 1) & table->mask;
    }
    for (uint64_t place = (hole + 1) & table->mask; table->slots[place] != UINT64_MAX;
         place = (place + 1) & table->mask) {
        uint64_t home = (table->slots[place] >> 32) & table->mask;
        if (((place - home) & table->mask) < ((place - hole) & table->mask)) continue;
        table->slots[hole] = table->slots[place];
        hole = place;
    }
    table->slots[hole] = UINT64_MAX;
}

static inline void acquire(_Atomic uint32_t *lock)
{
    uint32_t free = 0;
    while (!atomic_compare_exchange_weak_explicit(
        lock, &free, 1, memory_order_acquire, memory_order_relaxed)) {
        free = 0;
    }
}

static inline void release(_Atomic uint32_t *lock)
{
    atomic_store_explicit(lock, 0, memory_order_release);
}

// MARK: Waiters

static uint32_t wait_hash(const node *waiter)
{
    return (uint32_t)fold(waiter->run[0] ^ 0x9E3779B97F4A7C15, waiter->run[1] ^ waiter->step);
}

void sluice_reference_park(
    sluice_reference *self, const uint8_t *key, size_t count, uint64_t index)
{
    if (count > sizeof self->nodes->key || self->used == self->room) return;
    int32_t place = (int32_t)self->used++;
    node *waiter = &self->nodes[place];
    memset(waiter, 0, sizeof *waiter);
    memcpy(waiter->key, key, count);
    waiter->key_count = (uint32_t)count;
    waiter->run[0] = index;
    waiter->run[1] = ~index;
    waiter->timer_next = self->timers;
    waiter->timer_previous = NONE;
    if (self->timers != NONE) self->nodes[self->timers].timer_previous = place;
    self->timers = place;
    slots_insert(&self->keys, (uint32_t)key_hash(self->seeds, waiter->key), (uint32_t)place);
    slots_insert(&self->waits, wait_hash(waiter), (uint32_t)place);
}

static int32_t find(const sluice_reference *self, const uint64_t key[5], size_t count)
{
    uint32_t hash = (uint32_t)key_hash(self->seeds, key);
    for (uint64_t place = hash & self->keys.mask; self->keys.slots[place] != UINT64_MAX;
         place = (place + 1) & self->keys.mask) {
        if (self->keys.slots[place] >> 32 != hash) continue;
        const node *found = &self->nodes[(uint32_t)self->keys.slots[place]];
        if (found->key_count == count && memcmp(found->key, key, sizeof found->key) == 0) {
            return (int32_t)(uint32_t)self->keys.slots[place];
        }
    }
    return NONE;
}

static bool is_printed(const sluice_reference *self, const uint64_t print[2])
{
    uint32_t hash = (uint32_t)(print[0] ^ print[1]);
    for (uint64_t place = hash & self->prints.mask; self->prints.slots[place] != UINT64_MAX;
         place = (place + 1) & self->prints.mask) {
        if (self->prints.slots[place] >> 32 != hash) continue;
        const node *found = &self->nodes[(uint32_t)self->prints.slots[place]];
        if (found->run[0] == print[0] && found->run[1] == print[1]) return true;
    }
    return false;
}

static void unlink_timer(sluice_reference *self, node *waiter)
{
    if (waiter->timer_next != NONE) {
        self->nodes[waiter->timer_next].timer_previous = waiter->timer_previous;
    }
    if (waiter->timer_previous != NONE) {
        self->nodes[waiter->timer_previous].timer_next = waiter->timer_next;
    } else {
        self->timers = waiter->timer_next;
    }
}

/// Ends the wait of a key: its node becomes the mark of this callback.
static uint64_t match(
    sluice_reference *self, const uint8_t *bytes, size_t count, const uint64_t print[2], matched *to)
{
    uint64_t key[5] = {0}, run = 0;
    if (count > sizeof key) return 0;
    memcpy(key, bytes, count);
    acquire(&self->lock);
    int32_t place = is_printed(self, print) ? NONE : find(self, key, count);
    if (place != NONE && self->nodes[place].kind == 0) {
        node *waiter = &self->nodes[place];
        run = waiter->run[0] + 1;
        *to = (matched){{waiter->run[0], waiter->run[1]}, waiter->step, NULL};
        acquire(&self->directory_lock);
        slots_remove(&self->waits, wait_hash(waiter), (uint32_t)place);
        release(&self->directory_lock);
        unlink_timer(self, waiter);
        waiter->kind = 1;
        waiter->run[0] = print[0];
        waiter->run[1] = print[1];
        waiter->step = atomic_fetch_add_explicit(&self->number, 1, memory_order_relaxed);
        waiter->timer_previous = self->newest;
        waiter->timer_next = NONE;
        if (self->newest != NONE) self->nodes[self->newest].timer_next = place;
        if (self->oldest == NONE) self->oldest = place;
        self->newest = place;
        slots_insert(&self->prints, (uint32_t)(print[0] ^ print[1]), (uint32_t)place);
    }
    release(&self->lock);
    return run;
}

// MARK: HTTP

static int on_url(llhttp_t *parser, const char *start, size_t count)
{
    ((sluice_reference *)parser->data)->target = (piece){start, count};
    return 0;
}

static int on_name(llhttp_t *parser, const char *start, size_t count)
{
    sluice_reference *self = parser->data;
    if (self->fields == FIELDS_MAX) return HPE_USER;
    self->names[self->fields] = (piece){start, count};
    self->values[self->fields] = (piece){start, 0};
    self->fields += 1;
    return 0;
}

static int on_value(llhttp_t *parser, const char *start, size_t count)
{
    sluice_reference *self = parser->data;
    self->values[self->fields - 1] = (piece){start, count};
    return 0;
}

static int on_head(llhttp_t *parser)
{
    (void)parser;
    return HPE_PAUSED;
}

static bool is_name(piece name, const char *word, size_t count)
{
    if (name.count != count) return false;
    for (size_t index = 0; index < count; index += 1) {
        if ((name.start[index] | 0x20) != word[index]) return false;
    }
    return true;
}

/// Host there once and of host's characters, the type JSON, the target plain: what has to be looked at.
static bool is_head_good(const sluice_reference *self)
{
    size_t hosts = 0, lengths = 0;
    bool is_json = false;
    for (size_t index = 0; index < self->fields; index += 1) {
        piece name = self->names[index], value = self->values[index];
        if (is_name(name, "host", 4)) {
            hosts += 1;
            for (size_t at = 0; at < value.count; at += 1) {
                char byte = value.start[at];
                if (byte <= ' ' || byte == '/' || byte == '@' || byte > '~') return false;
            }
        } else if (is_name(name, "content-type", 12)) {
            is_json = value.count >= 16 && memcmp(value.start, "application/json", 16) == 0;
        } else if (is_name(name, "content-length", 14)) {
            lengths += 1;
        } else if (is_name(name, "transfer-encoding", 17) || is_name(name, "expect", 6)) {
            return false;
        }
    }
    for (size_t at = 0; at < self->target.count; at += 1) {
        char byte = self->target.start[at];
        if (byte <= ' ' || byte == '#' || byte == '%' || byte > '~') return false;
    }
    return hosts == 1 && lengths == 1 && is_json;
}

// MARK: The whole way

static uint64_t next_random(sluice_reference *self)
{
    uint64_t mixed = self->random += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
    return mixed ^ mixed >> 31;
}

static char *put(char *out, const char *text, size_t count)
{
    memcpy(out, text, count);
    return out + count;
}

static char *put_uuid(char *out, uint64_t high, uint64_t low)
{
    static const char digits[] = "0123456789abcdef";
    for (int index = 0; index < 32; index += 1) {
        if (index == 8 || index == 12 || index == 16 || index == 20) *out++ = '-';
        *out++ = digits[(index < 16 ? high >> (60 - index * 4) : low >> (124 - index * 4)) & 15];
    }
    return out;
}

static size_t answer(sluice_reference *self)
{
    static const char start[] =
        "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-Request-Id: ";
    static const char middle[] = "\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n";
    static const char body[] = "{\"status\":\"delivered\"}";
    uint64_t high = (uint64_t)5 << 16 | 0x7000 | (next_random(self) & 0xFFF);
    char *out = put(self->answer, start, sizeof start - 1);
    out = put_uuid(out, high, (uint64_t)1 << 63 | next_random(self) >> 2);
    out = put(out, middle, sizeof middle - 1);
    out = put(out, body, sizeof body - 1);
    return (size_t)(out - self->answer);
}

void sluice_reference_end_turn(sluice_reference *self)
{
    for (size_t index = 0; index < self->matched_count; index += 1) {
        free(self->matched[index].callback);
    }
    self->matched_count = 0;
}

static uint64_t take_body(sluice_reference *self, const uint8_t *body, size_t count)
{
    if (sluice_json_scan(body, count, 512, &self->tape).reason != SLUICE_JSON_OK) return 0;
    const sluice_json_entry *entries = self->tape.entries;
    uint32_t key_at = sluice_json_member(body, entries, 0, (const uint8_t *)"task_id", 7);
    uint32_t status_at = sluice_json_member(body, entries, 0, (const uint8_t *)"status", 6);
    uint32_t result_at = sluice_json_member(body, entries, 0, (const uint8_t *)"output", 6);
    if (key_at == 0 || status_at == 0 || result_at == 0) return 0;
    sluice_json_entry key = entries[key_at], status = entries[status_at], result = entries[result_at];
    if (key.kind != SLUICE_JSON_STRING || status.kind != SLUICE_JSON_STRING) return 0;
    size_t key_count = key.end - key.start - 2, status_count = status.end - status.start - 2;
    size_t result_count = result.end - result.start;
    if (status_count != 9 || memcmp(body + status.start + 1, "completed", 9) != 0) return 0;

    uint64_t print[2] = {self->seeds[2], self->seeds[3]};
    absorb(self->seeds, body + key.start + 1, key_count, print);
    absorb(self->seeds, body, count, print);
    if (self->matched_count == TURN_MAX) sluice_reference_end_turn(self);
    matched *to = &self->matched[self->matched_count];
    uint64_t run = match(self, body + key.start + 1, key_count, print, to);
    if (run == 0) return 0;
    record *made = malloc(sizeof(record) + key_count + status_count + result_count);
    *made = (record){(uint32_t)key_count, (uint32_t)status_count, (uint32_t)result_count};
    memcpy(made->bytes, body + key.start + 1, key_count);
    memcpy(made->bytes + key_count, body + status.start + 1, status_count);
    memcpy(made->bytes + key_count + status_count, body + result.start, result_count);
    to->callback = made;
    self->matched_count += 1;
    return run + made->bytes[key_count + status_count];
}

uint64_t sluice_reference_take(sluice_reference *self, const uint8_t *request, size_t count)
{
    const char *start = (const char *)request;
    llhttp_reset(&self->parser);
    self->fields = 0;
    self->target = (piece){NULL, 0};
    if (llhttp_execute(&self->parser, start, count) != HPE_PAUSED) return 0;
    size_t head = (size_t)(llhttp_get_error_pos(&self->parser) - start);
    if (head > count || self->parser.content_length != count - head) return 0;
    if (!is_head_good(self)) return 0;
    uint64_t run = take_body(self, request + head, count - head);
    return run == 0 ? 0 : run + answer(self);
}

// MARK: Making it

static bool grow(sluice_json_tape *tape)
{
    uint32_t capacity = tape->capacity < 64 ? 64 : tape->capacity * 2;
    sluice_json_entry *entries = realloc(tape->entries, capacity * sizeof *entries);
    if (entries == NULL) return false;
    tape->entries = entries;
    tape->capacity = capacity;
    return true;
}

void sluice_reference_clear(sluice_reference *self)
{
    sluice_reference_end_turn(self);
    self->used = 0;
    self->timers = self->oldest = self->newest = NONE;
    memset(self->keys.slots, 0xFF, (self->keys.mask + 1) * 8);
    memset(self->prints.slots, 0xFF, (self->prints.mask + 1) * 8);
    memset(self->waits.slots, 0xFF, (self->waits.mask + 1) * 8);
}

sluice_reference *sluice_reference_make(size_t waiters)
{
    sluice_reference *self = calloc(1, sizeof *self);
    llhttp_settings_init(&self->settings);
    self->settings.on_url = on_url;
    self->settings.on_header_field = on_name;
    self->settings.on_header_value = on_value;
    self->settings.on_headers_complete = on_head;
    llhttp_init(&self->parser, HTTP_REQUEST, &self->settings);
    self->parser.data = self;
    self->tape.grow = grow;
    self->room = (uint32_t)waiters;
    self->nodes = malloc(waiters * sizeof(node));
    slots_make(&self->keys, waiters);
    slots_make(&self->prints, waiters);
    slots_make(&self->waits, waiters);
    for (int index = 0; index < 4; index += 1) self->seeds[index] = next_random(self);
    sluice_reference_clear(self);
    return self;
}

void sluice_reference_free(sluice_reference *self)
{
    free(self->keys.slots);
    free(self->prints.slots);
    free(self->waits.slots);
    free(self->nodes);
    free(self->tape.entries);
    free(self);
}
