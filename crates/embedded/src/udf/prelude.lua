-- What user-defined functions find besides Lua's own library: list, map, bytes, geojson, record,
-- streams. Objects are tables whose contents are kept out of sight; to user code they are userdata.
-- Rust makes and reads them with the functions that this chunk returns.

local host_type, select, error, next, rawget = type, select, error, next, rawget
local setmetatable, getmetatable, tostring = setmetatable, getmetatable, tostring
local integer_type, unpack, sort = math.type, table.unpack, table.sort
local byte, char, sub, format, string_pack = string.byte, string.char, string.sub, string.format, string.pack
local string_unpack, concat, move = string.unpack, table.concat, table.move

-- Whether the call has had its time. Rust sets it; from then on no failure can be caught.
local has_expired

local host_pcall, host_resume = pcall, coroutine.resume
local create_coroutine = coroutine.create

local function uncaught_if_expired(ok, ...)
  if not ok and has_expired() then error((...), 0) end
  return ok, ...
end

function pcall(...) return uncaught_if_expired(host_pcall(...)) end
function coroutine.resume(...) return uncaught_if_expired(host_resume(...)) end

local function handled(handler, ok, ...)
  if ok then return ok, ... end
  return false, select(2, pcall(handler, ...))
end

-- The clock stops while a failure that it caused is handled where it happened: so it is not done there.
function xpcall(f, handler, ...) return handled(handler, pcall(f, ...)) end

local function returned(ok, ...)
  if ok then return ... end
  error((...), 2)
end

function coroutine.wrap(f)
  local thread = create_coroutine(f)
  return function(...) return returned(coroutine.resume(thread, ...)) end
end

-- More elements than this are not made by one assignment beyond the end of a list.
local MAX_PADDING = 1024 * 1024

local contents = setmetatable({}, { __mode = "k" })
local classes = {}

local function class(name)
  local meta = { __name = name, __metatable = name }
  classes[name] = meta
  return meta
end

local List, Map, Bytes, GeoJSON, Record =
  class("List"), class("Map"), class("Bytes"), class("GeoJSON"), class("Record")

local function new(meta, data)
  local object = setmetatable({}, meta)
  data.class = meta.__name
  contents[object] = data
  return object
end

function type(value)
  if contents[value] then return "userdata" end
  return host_type(value)
end

-- The contents of an argument that must be an object of a class.
local function check(object, name, position, call, level)
  local data = object ~= nil and contents[object]
  if data and data.class == name then return data end
  local wanted = data and name or "userdata"
  local given = data and data.class or (object == nil and "nil" or type(object))
  error(format("bad argument #%d to '%s' (%s expected, got %s)", position, call, wanted, given), level or 3)
end

-- An integer argument; absent it is the default.
local function integer(value, default, position, call)
  if value == nil then return default end
  if host_type(value) == "string" then value = tonumber(value) or value end
  if host_type(value) ~= "number" then
    error(format("bad argument #%d to '%s' (number expected, got %s)", position, call, type(value)), 3)
  end
  local whole = math.tointeger(value)
  if not whole then
    error(format("bad argument #%d to '%s' (number has no integer representation)", position, call), 3)
  end
  return whole
end

-- Whether a value can be part of a list or map.
local function is_value(value)
  local data = contents[value]
  if data then return data.class ~= "Record" end
  local kind = host_type(value)
  return kind == "nil" or kind == "number" or kind == "string" or kind == "boolean"
end

local function show(value)
  if host_type(value) == "string" then return '"' .. value .. '"' end
  return tostring(value)
end

-- list: items, their number n, and the flags with which it was stored

local function new_list(items, size, flags)
  return new(List, { items = items, n = size, flags = flags })
end

local function put(data, index, value)
  if index - data.n > MAX_PADDING then return end
  data.items[index] = value
  if index > data.n then data.n = index end
end

local function part(data, first, last)
  local items = {}
  for i = first, last do items[i - first + 1] = data.items[i] end
  return new_list(items, last >= first and last - first + 1 or 0)
end

list = setmetatable({}, {
  __metatable = false,
  __call = function(_, values)
    local data = { items = {}, n = 0 }
    if host_type(values) == "table" and not contents[values] then
      local keys = {}
      for key in next, values do
        if host_type(key) == "number" then keys[#keys + 1] = key end
      end
      sort(keys)
      for _, key in ipairs(keys) do
        if is_value(values[key]) then put(data, data.n + 1, values[key]) end
      end
    end
    return new(List, data)
  end,
})

function list.new(capacity)
  if integer(capacity, -1, 1, "new") < 0 then return nil end
  return new_list({}, 0)
end
list.create = list.new

function list.size(l) return check(l, "List", 1, "size").n end

function list.append(l, value)
  local data = check(l, "List", 1, "append")
  if is_value(value) then put(data, data.n + 1, value) end
end

local function insert(data, index, value)
  if index > data.n then return put(data, index, value) end
  move(data.items, index, data.n, index + 1)
  data.items[index] = value
  data.n = data.n + 1
end

function list.prepend(l, value)
  local data = check(l, "List", 1, "prepend")
  if is_value(value) then insert(data, 1, value) end
end

function list.insert(l, index, value)
  local data = check(l, "List", 1, "insert")
  index = integer(index, 0, 2, "insert")
  if index > 0 and is_value(value) then insert(data, index, value) end
end

function list.remove(l, index)
  local data = check(l, "List", 1, "remove")
  index = integer(index, 0, 2, "remove")
  if index > 0 and index <= data.n then
    move(data.items, index + 1, data.n + 1, index)
    data.n = data.n - 1
  end
end

function list.concat(l, other)
  local data, more = check(l, "List", 1, "concat"), check(other, "List", 2, "concat")
  local size = more.n
  for i = 1, size do data.items[data.n + i] = more.items[i] end
  data.n = data.n + size
end

function list.trim(l, index)
  local data = check(l, "List", 1, "trim")
  index = integer(index, 0, 2, "trim")
  if index > 0 then
    for i = index, data.n do data.items[i] = nil end
    if index <= data.n then data.n = index - 1 end
  end
end

function list.take(l, count)
  local data = check(l, "List", 1, "take")
  count = integer(count, 0, 2, "take")
  if count <= 0 then return nil end
  return part(data, 1, count < data.n and count or data.n)
end

function list.drop(l, count)
  local data = check(l, "List", 1, "drop")
  count = integer(count, 0, 2, "drop")
  if count <= 0 then return nil end
  return part(data, count + 1, data.n)
end

function list.iterator(l)
  local data, at = check(l, "List", 1, "iterator"), 0
  return function()
    at = at + 1
    if at <= data.n then return data.items[at] end
  end
end

function list.clone(l)
  local data = check(l, "List", 1, "clone")
  return part(data, 1, data.n)
end

function list.merge(l, other)
  check(l, "List", 1, "merge")
  check(other, "List", 2, "merge")
  local both = list.clone(l)
  list.concat(both, other)
  return both
end

List.__index = function(l, index)
  local data = contents[l]
  index = integer(index, 0, 2, "index")
  if index > 0 and index <= data.n then return data.items[index] end
end
List.__newindex = function(l, index, value)
  index = integer(index, 0, 2, "newindex")
  if index > 0 and is_value(value) then put(contents[l], index, value) end
end
List.__len = function(l) return contents[l].n end
List.__tostring = function(l)
  local data, shown = contents[l], {}
  for i = 1, data.n do shown[i] = show(data.items[i]) end
  return "List(" .. concat(shown, ", ") .. ")"
end
function list.tostring(l) check(l, "List", 1, "tostring"); return tostring(l) end

-- map: keys and values by an internal key, since bytes are equal by what is in them and integers
-- differ from floats. A nil value is a value.

local NIL = {}

local function internal(key)
  local kind = host_type(key)
  if kind == "string" then return "s" .. key end
  if kind == "boolean" then return key end
  if kind == "number" then
    if integer_type(key) == "integer" then return key end
    return "f" .. string_pack("n", key)
  end
  local data = contents[key]
  if data and data.class == "Bytes" then return "b" .. Bytes.text(data) end
  return nil
end

local function set(data, key, value)
  local inside = internal(key)
  if inside == nil then return end
  if data.keys[inside] == nil then data.n = data.n + 1 end
  data.keys[inside] = key
  if value == nil then value = NIL end
  data.values[inside] = value
end

local function remove(data, key)
  local inside = internal(key)
  if inside ~= nil and data.keys[inside] ~= nil then
    data.keys[inside], data.values[inside] = nil, nil
    data.n = data.n - 1
  end
end

local function new_map()
  return new(Map, { keys = {}, values = {}, n = 0 })
end

-- The internal keys in an order of their own: the same each time.
local function sorted(data)
  local order = {}
  for inside in next, data.keys do order[#order + 1] = inside end
  local function rank(key)
    local kind = host_type(key)
    return kind == "boolean" and 0 or kind == "number" and 1 or 2
  end
  sort(order, function(a, b)
    local x, y = rank(a), rank(b)
    if x ~= y then return x < y end
    if x == 0 then return not a and b end
    return a < b
  end)
  return order
end

local function each(m, call, pick)
  local data = check(m, "Map", 1, call, 4)
  local order, at = sorted(data), 0
  return function()
    local inside
    repeat
      at = at + 1
      inside = order[at]
      if inside == nil then return nil end
    until data.keys[inside] ~= nil
    local value = data.values[inside]
    if value == NIL then value = nil end
    return pick(data.keys[inside], value)
  end
end

map = setmetatable({}, {
  __metatable = false,
  __call = function(_, pairs)
    local m = new_map()
    if host_type(pairs) == "table" and not contents[pairs] then
      for key, value in next, pairs do
        if is_value(value) then set(contents[m], key, value) end
      end
    end
    return m
  end,
})

function map.new(capacity)
  if integer(capacity, 0, 1, "new") < 1 then return nil end
  return new_map()
end
map.create = map.new
function map.size(m) return check(m, "Map", 1, "size").n end
function map.remove(m, key) remove(check(m, "Map", 1, "remove"), key) end
function map.pairs(m) return each(m, "pairs", function(key, value) return key, value end) end
map.iterator = map.pairs
function map.keys(m) return each(m, "keys", function(key) return key end) end
function map.values(m) return each(m, "values", function(_, value) return value end) end

function map.clone(m)
  local copy = new_map()
  for key, value in map.pairs(m) do set(contents[copy], key, value) end
  return copy
end

function map.merge(m, other, f)
  local both, data = map.clone(m), nil
  data = contents[both]
  for key, value in map.pairs(other) do
    local there = m[key]
    set(data, key, there and f and type(f) == "function" and f(there, value) or value)
  end
  return both
end

function map.diff(m, other)
  local difference = new_map()
  local data = contents[difference]
  for key, value in map.pairs(m) do
    if not other[key] then set(data, key, value) end
  end
  for key, value in map.pairs(other) do
    if not m[key] then set(data, key, value) end
  end
  return difference
end

Map.__index = function(m, key)
  local inside = internal(key)
  if inside == nil then return nil end
  local value = contents[m].values[inside]
  if value == NIL then return nil end
  return value
end
Map.__newindex = function(m, key, value)
  if is_value(value) then
    set(contents[m], key, value)
  elseif not contents[value] then
    remove(contents[m], key)
  end
end
Map.__len = function(m) return contents[m].n end
Map.__tostring = function(m)
  local shown = {}
  for key, value in map.pairs(m) do shown[#shown + 1] = show(key) .. "->" .. show(value) end
  return "Map(" .. concat(shown, ", ") .. ")"
end
function map.tostring(m) check(m, "Map", 1, "tostring"); return tostring(m) end

-- bytes: a string until something is written, then numbers in a table

local BLOB = 4

local function new_bytes(text, kind)
  return new(Bytes, { text = text, kind = kind or BLOB })
end

local function bytes_size(data) return data.text and #data.text or data.n end

-- Strings can't be made of more arguments than this at once.
local CHUNK = 4096

function Bytes.text(data)
  if data.text then return data.text end
  local chunks = {}
  for first = 1, data.n, CHUNK do
    local last = first + CHUNK - 1
    chunks[#chunks + 1] = char(unpack(data.items, first, last < data.n and last or data.n))
  end
  return concat(chunks)
end

local function write_bytes(data, index, text)
  if index < 1 or index - bytes_size(data) > MAX_PADDING then return false end
  if data.text then
    data.items, data.n = {}, #data.text
    for i = 1, data.n do data.items[i] = byte(data.text, i) end
    data.text = nil
  end
  for i = data.n + 1, index - 1 do data.items[i] = 0 end
  for i = 1, #text do data.items[index + i - 1] = byte(text, i) end
  local last = index + #text - 1
  if last > data.n then data.n = last end
  return true
end

local function read_bytes(data, index, size)
  if index < 1 or size < 0 or index + size - 1 > bytes_size(data) then return nil end
  if data.text then return sub(data.text, index, index + size - 1) end
  local read = {}
  for i = 0, size - 1 do read[i + 1] = char(data.items[index + i]) end
  return concat(read)
end

bytes = setmetatable({}, {
  __metatable = false,
  __call = function(_, capacity)
    integer(capacity, 0, 2, "bytes")
    return new_bytes("")
  end,
})

function bytes.size(b) return bytes_size(check(b, "Bytes", 1, "size")) end
function bytes.set_size(b, size)
  check(b, "Bytes", 1, "set_size")
  size = integer(size, 0, 2, "set_size")
  return size >= 0 and size <= 0xffffffff
end
function bytes.get_type(b) return check(b, "Bytes", 1, "get_type").kind end
function bytes.set_type(b, kind)
  check(b, "Bytes", 1, "set_type").kind = integer(kind, 0, 2, "set_type")
  return true
end

local function accessors(name, size, pattern, low, high)
  bytes["get_" .. name] = function(b, index)
    local data = check(b, "Bytes", 1, "get_" .. name)
    local read = read_bytes(data, integer(index, 0, 2, "get_" .. name), size)
    if read then return (string_unpack(pattern, read)) end
  end
  bytes["set_" .. name] = function(b, index, value)
    local data = check(b, "Bytes", 1, "set_" .. name)
    index, value = integer(index, 0, 2, "set_" .. name), integer(value, 0, 3, "set_" .. name)
    if index < 1 or value < low or value > high then return false end
    return write_bytes(data, index, string_pack(pattern, value))
  end
  bytes["append_" .. name] = function(b, value)
    local data = check(b, "Bytes", 1, "append_" .. name)
    value = integer(value, 0, 2, "append_" .. name)
    if value < low or value > high then return false end
    return write_bytes(data, bytes_size(data) + 1, string_pack(pattern, value))
  end
end

accessors("byte", 1, "B", 0, 0xff)
for _, size in ipairs { 2, 4, 8 } do
  local low = -1 << (size * 8 - 1)
  for suffix, order in next, { [""] = ">", _be = ">", _le = "<" } do
    accessors("int" .. size * 8 .. suffix, size, order .. "i" .. size, low, ~low)
  end
end

local function variable_size(value)
  local encoded = {}
  while value >= 0x80 do
    encoded[#encoded + 1] = char(value & 0x7f | 0x80)
    value = value >> 7
  end
  encoded[#encoded + 1] = char(value)
  return concat(encoded)
end

local function write_variable(data, index, value)
  if index < 1 or value < 0 or value > 0x7fffffff then return 0 end
  local encoded = variable_size(value)
  return write_bytes(data, index, encoded) and #encoded or 0
end

function bytes.set_var_int(b, index, value)
  local data = check(b, "Bytes", 1, "set_var_int")
  return write_variable(data, integer(index, 0, 2, "set_var_int"), integer(value, 0, 3, "set_var_int"))
end

function bytes.append_var_int(b, value)
  local data = check(b, "Bytes", 1, "append_var_int")
  return write_variable(data, bytes_size(data) + 1, integer(value, 0, 2, "append_var_int"))
end

function bytes.get_var_int(b, index)
  local data = check(b, "Bytes", 1, "get_var_int")
  index = integer(index, 0, 2, "get_var_int")
  local value, size = 0, 0
  repeat
    local read = read_bytes(data, index + size, 1)
    if not read then return 0, 0 end
    value = value | (byte(read) & 0x7f) << (7 * size)
    size = size + 1
  until byte(read) < 0x80 or size == 5
  return value & 0xffffffff, size
end

function bytes.get_string(b, index, size)
  local data = check(b, "Bytes", 1, "get_string")
  return read_bytes(data, integer(index, 0, 2, "get_string"), integer(size, 0, 3, "get_string"))
end

function bytes.get_bytes(b, index, size)
  local data = check(b, "Bytes", 1, "get_bytes")
  local read = read_bytes(data, integer(index, 0, 2, "get_bytes"), integer(size, 0, 3, "get_bytes"))
  return read and new_bytes(read)
end

function bytes.set_string(b, index, text)
  local data = check(b, "Bytes", 1, "set_string")
  index = integer(index, 0, 2, "set_string")
  return host_type(text) == "string" and #text > 0 and write_bytes(data, index, text)
end

function bytes.append_string(b, text)
  local data = check(b, "Bytes", 1, "append_string")
  return host_type(text) == "string" and #text > 0 and write_bytes(data, bytes_size(data) + 1, text)
end

function bytes.set_bytes(b, index, other, size)
  local data, from = check(b, "Bytes", 1, "set_bytes"), check(other, "Bytes", 3, "set_bytes")
  index, size = integer(index, 0, 2, "set_bytes"), integer(size, 0, 4, "set_bytes")
  return size >= 0 and write_bytes(data, index, sub(Bytes.text(from), 1, size))
end

function bytes.append_bytes(b, other, size)
  local data, from = check(b, "Bytes", 1, "append_bytes"), check(other, "Bytes", 2, "append_bytes")
  size = integer(size, 0, 3, "append_bytes")
  return size >= 0 and write_bytes(data, bytes_size(data) + 1, sub(Bytes.text(from), 1, size))
end

Bytes.__index = function(b, index) return bytes.get_byte(b, index) end
Bytes.__newindex = function(b, index, value) bytes.set_byte(b, index, value) end
Bytes.__len = function(b) return bytes_size(contents[b]) end
Bytes.__tostring = function(b)
  local shown = Bytes.text(contents[b]):gsub(".", function(c) return format("%02X ", byte(c)) end)
  return "Bytes(" .. sub(shown, 1, -2) .. ")"
end
function bytes.tostring(b) check(b, "Bytes", 1, "tostring"); return tostring(b) end

-- geojson: a text

local function new_geojson(text) return new(GeoJSON, { text = text }) end

geojson = setmetatable({}, {
  __metatable = false,
  __call = function(_, text) return host_type(text) == "string" and new_geojson(text) or nil end,
})
GeoJSON.__tostring = function(g) return contents[g].text end

-- record: the bins are read when they are asked for, and written by aerospike:create and :update

local MAX_UPDATES, MAX_BINS, MAX_NAME_SIZE = 1024, 512, 15

local function new_record(host)
  return new(Record, { host = host, updates = {}, order = {}, too_many = false })
end

local function remember(data, name, value, dirty)
  local entry = data.updates[name]
  if not entry then
    if #data.order >= MAX_UPDATES or data.too_many then
      data.too_many = true
      return
    end
    entry = {}
    data.updates[name] = entry
    data.order[#data.order + 1] = name
  end
  entry.value, entry.dirty = value, dirty
end

Record.__index = function(rec, name)
  if host_type(name) == "number" then name = tostring(name) end
  if host_type(name) ~= "string" or #name > MAX_NAME_SIZE then return nil end
  local data = contents[rec]
  local entry = data.updates[name]
  if entry then return entry.value end
  local value = data.host.get(name)
  if value ~= nil then remember(data, name, value, false) end
  return value
end

Record.__newindex = function(rec, name, value)
  if host_type(name) == "number" then name = tostring(name) end
  if host_type(name) ~= "string" then return end
  if not is_value(value) and not contents[value] then
    error(format("can't set bin %s to unsupported type", name), 2)
  end
  if #name <= MAX_NAME_SIZE then remember(contents[rec], name, value, true) end
end

local function forget(data) data.updates, data.order, data.too_many = {}, {}, false end

-- Hands over what changed; the number of the failure, or 0.
local function commit(data, call)
  local names, values, count = {}, {}, 0
  for _, name in ipairs(data.order) do
    local entry = data.updates[name]
    if entry.dirty then
      count = count + 1
      names[count], values[count] = name, entry.value
    end
  end
  local code = call(names, values, count, data.too_many)
  if code == 0 then
    for _, entry in next, data.updates do entry.dirty = false end
  elseif data.host.has_failed() then
    forget(data)
  end
  return code
end

record = setmetatable({}, { __metatable = false })
for _, name in ipairs { "ttl", "last_update_time", "gen", "size", "memory_size", "device_size", "key",
  "setname", "digest", "numbins" } do
  record[name] = function(rec) return check(rec, "Record", 1, name).host.about(name) end
end

function record.bin_names(rec)
  local names = check(rec, "Record", 1, "bin_names").host.about("bin_names")
  if names == nil then error("can't get bin names", 2) end
  return names
end

function record.set_ttl(rec, ttl)
  local data = check(rec, "Record", 1, "set_ttl")
  if data.host.set_ttl then data.host.set_ttl(integer(ttl, 0, 2, "set_ttl") & 0xffffffff) end
end

function record.drop_key(rec)
  local data = check(rec, "Record", 1, "drop_key")
  if data.host.drop_key then data.host.drop_key() end
end

-- aerospike: what writes

local log_message

aerospike = setmetatable({}, { __metatable = false })

local function of(rec, call)
  local data = check(rec, "Record", 2, call, 4)
  if not data.host.commit then error("records of a stream can't be changed", 3) end
  return data
end

function aerospike.create(_, rec)
  local data = of(rec, "create")
  return commit(data, data.host.create)
end

function aerospike.update(_, rec)
  local data = of(rec, "update")
  return commit(data, data.host.commit)
end

function aerospike.remove(_, rec)
  local data = of(rec, "remove")
  if not data.host.exists() then return 1 end
  forget(data)
  return data.host.remove()
end

function aerospike.exists(_, rec) return check(rec, "Record", 2, "exists").host.exists() end
function aerospike.log(_, level, message)
  log_message(integer(level, 0, 2, "log"), tostring(message))
  return 0
end
function aerospike.get_current_time() return os.time() * 1000 end
function aerospike.set_context() return 0 end
function aerospike.get_config() return 0 end

-- The output of the server is not for modules.
function print(...)
  local shown = { ... }
  for i = 1, select("#", ...) do shown[i] = tostring(shown[i]) end
  return aerospike:log(2, concat(shown, "\t"))
end

function trace(...) return aerospike:log(4, format(...)) end
function debug(...) return aerospike:log(3, format(...)) end
function info(...) return aerospike:log(2, format(...)) end
function warn(...) return aerospike:log(1, format(...)) end

function math.sum(a, b) return a + b end
function math.product(a, b) return a * b end

-- streams: operations are noted first, those of the server are run up to the first reduction

local function copy_of(value)
  local data = contents[value]
  if data and data.class == "Map" then return map.clone(value) end
  if data and data.class == "List" then return list.clone(value) end
  if host_type(value) ~= "table" or data then return value end
  local copy = {}
  for key, inner in next, value do copy[key] = inner end
  return copy
end

local operations = {}

function operations.filter(source, keep)
  return function()
    for value in source do
      if keep(value) then return value end
    end
  end
end

function operations.map(source, change)
  return function()
    local value = source()
    if value ~= nil then return change(value) end
  end
end

-- A source of the one value that comes of all.
local function once(compute)
  local done = false
  return function()
    if done then return nil end
    done = true
    return compute()
  end
end

function operations.reduce(source, merge)
  return once(function()
    local total = source()
    if total ~= nil then
      for value in source do total = merge(total, value) end
    end
    return total
  end)
end

function operations.aggregate(source, initial, add)
  return once(function()
    local total = copy_of(initial)
    for value in source do total = add(total, value) end
    return total
  end)
end

local Stream = {}
Stream.__index = Stream
for name in next, operations do
  Stream[name] = function(stream, ...)
    local noted = stream.noted
    noted[#noted + 1] = { name = name, arguments = { ... }, n = select("#", ...) }
    return stream
  end
end

function Stream:groupby(key_of)
  local function add(groups, value)
    local key = key_of and key_of(value) or nil
    local group = groups[key] or list()
    list.append(group, value)
    groups[key] = group
    return groups
  end
  local function merge(a, b) return map.merge(a, b, list.merge) end
  return self:aggregate(map(), add):reduce(merge)
end

local globals = _G

local function call_of(name)
  local f = rawget(globals, name)
  if f == nil then error("function not found", 0) end
  return f
end

-- Applies a function to a stream of records that is read from a source; values go to a sink.
local function apply_stream(name, source, sink, ...)
  local stream = setmetatable({ noted = {} }, Stream)
  local noted = call_of(name)(stream, ...).noted
  local values = source
  for _, operation in ipairs(noted) do
    values = operations[operation.name](values, unpack(operation.arguments, 1, operation.n))
    if operation.name == "reduce" then break end
  end
  for value in values do sink(value) end
end

local function apply_record(name, host, ...)
  return call_of(name)(new_record(host), ...)
end

local function text_of(failure)
  if host_type(failure) == "string" then return failure end
  -- What Rust raised: its first line, without what says so.
  if host_type(failure) == "userdata" then
    return (tostring(failure):gsub("^runtime error: ", ""):gsub("\n.*", ""))
  end
  return "result value type unexpected"
end

-- Calls, and tells a failure by its text.
local function guarded(f)
  return function(...)
    local ok, result = host_pcall(f, ...)
    if ok then return true, result end
    return false, text_of(result)
  end
end

-- What an object is: its class and contents, in a form that Rust reads.
local function inspect(object)
  local data = contents[object]
  if not data then return nil end
  if data.class == "List" then return "list", data.items, data.n, data.flags end
  if data.class == "Bytes" then return "bytes", Bytes.text(data), data.kind end
  if data.class == "GeoJSON" then return "geojson", data.text end
  if data.class == "Map" then
    local flat, count = {}, 0
    for _, inside in ipairs(sorted(data)) do
      local value = data.values[inside]
      if value == NIL then value = nil end
      flat[count + 1], flat[count + 2] = data.keys[inside], value
      count = count + 2
    end
    return "map", flat, count, data.flags
  end
  return nil
end

return {
  new_list = new_list,
  new_map = function(flat, count, flags)
    local m = new_map()
    contents[m].flags = flags
    for i = 1, count, 2 do set(contents[m], flat[i], flat[i + 1]) end
    return m
  end,
  new_bytes = new_bytes,
  new_geojson = new_geojson,
  new_record = new_record,
  inspect = inspect,
  apply_record = guarded(apply_record),
  apply_stream = guarded(apply_stream),
  set_host = function(log, expired) log_message, has_expired = log, expired end,
}
