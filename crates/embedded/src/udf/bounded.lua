-- Functions of Lua's own library that can run without end where no instruction of Lua is run, and so
-- nothing looks at the clock: what is here does the same and can be stopped.

local patterns, without_closing = ...
local find, next_match, replace = patterns.find, patterns.next, patterns.replace
local select, error, tostring, tonumber = select, error, tostring, tonumber
local getmetatable, setmetatable, rawget = getmetatable, setmetatable, rawget
local load, pcall = load, pcall
local type_of, to_integer = type, math.tointeger
local sub, pack, concat = string.sub, table.pack, table.concat
local sort, rep, unpack = table.sort, string.rep, table.unpack

-- A range of more elements than this can only be one of a table that says it is larger than it is.
local MAX_RANGE = 1 << 26

local function bad_argument(position, call, message)
  return "bad argument #" .. position .. " to '" .. call .. "' (" .. message .. ")"
end

local function expected(wanted, value, position, call, count)
  local given = position > count and "no value" or type_of(value)
  return bad_argument(position, call, wanted .. " expected, got " .. given)
end

-- The arguments of a call, of which there are so many. Whoever called the caller is told what is wrong.

local function text(value, position, call, count)
  local kind = type_of(value)
  if kind == "string" then return value end
  if kind ~= "number" then error(expected("string", value, position, call, count), 3) end
  return tostring(value)
end

local function integer(value, default, position, call, count)
  if value == nil and default then return default end
  local number = type_of(value) == "string" and tonumber(value) or value
  if type_of(number) ~= "number" then error(expected("number", value, position, call, count), 3) end
  local whole = to_integer(number)
  if not whole then error(bad_argument(position, call, "number has no integer representation"), 3) end
  return whole
end

local function check_table(value, call, count)
  if type_of(value) ~= "table" then error(expected("table", value, 1, call, count), 3) end
end

local function check_range(first, last)
  if last > first and (last - first > MAX_RANGE or last - first < 0) then
    error("too many elements", 3)
  end
end

-- Where to start, counted from 0; beyond the end of the text there is nothing to find.
local function start(from, size)
  if from > 0 then return from - 1 end
  if from == 0 or from < -size then return 0 end
  return size + from
end

local function checked(ok, ...)
  if ok then return ... end
  error((...), 3)
end

local function as_find(first, last, ...)
  if first then return first + 1, last, ... end
  return nil
end

function string.find(...)
  local s, pattern, from, plain = ...
  local count = select("#", ...)
  s, pattern = text(s, 1, "find", count), text(pattern, 2, "find", count)
  local first = start(integer(from, 1, 3, "find", count), #s)
  if first > #s then return nil end
  return as_find(checked(find(s, pattern, first, plain and true or false)))
end

local function as_match(s, first, last, ...)
  if not first then return nil end
  if select("#", ...) == 0 then return sub(s, first + 1, last) end
  return ...
end

function string.match(...)
  local s, pattern, from = ...
  local count = select("#", ...)
  s, pattern = text(s, 1, "match", count), text(pattern, 2, "match", count)
  local first = start(integer(from, 1, 3, "match", count), #s)
  if first > #s then return nil end
  return as_match(s, checked(next_match(s, pattern, first, nil, true)))
end

function string.gmatch(...)
  local s, pattern, from = ...
  local count = select("#", ...)
  s, pattern = text(s, 1, "gmatch", count), text(pattern, 2, "gmatch", count)
  local at = start(integer(from, 1, 3, "gmatch", count), #s)
  local ended
  local function found(ok, first, last, ...)
    if not ok then error(first, 2) end
    if not first then
      at = #s + 1
      return nil
    end
    at, ended = last, last
    return as_match(s, first, last, ...)
  end
  return function()
    if at > #s then return nil end
    return found(next_match(s, pattern, at, ended, false))
  end
end

local function is_text(value)
  local kind = type_of(value)
  return kind == "string" or kind == "number"
end

function string.gsub(...)
  local s, pattern, with, most = ...
  local count = select("#", ...)
  s, pattern = text(s, 1, "gsub", count), text(pattern, 2, "gsub", count)
  local kind = type_of(with)
  if not is_text(with) and kind ~= "table" and kind ~= "function" then
    error(expected("string/function/table", with, 3, "gsub", count), 2)
  end
  most = integer(most, #s + 1, 4, "gsub", count)
  if is_text(with) then
    local replaced, made = checked(replace(s, pattern, tostring(with), most))
    return replaced, made
  end
  local anchored = sub(pattern, 1, 1) == "^"
  local pieces, copied, made, ended = {}, 0, 0, nil
  while made < most do
    local match = pack(next_match(s, pattern, copied, ended, true, kind == "table" and 1 or nil))
    if not match[1] then error(match[2], 2) end
    local first, last = match[2], match[3]
    if not first then break end
    local whole = sub(s, first + 1, last)
    local value = match[4]
    if match.n < 4 then value = whole end
    if kind == "table" then
      value = with[value]
    elseif match.n < 4 then
      value = with(whole)
    else
      value = with(unpack(match, 4, match.n))
    end
    if not value then
      value = whole
    elseif not is_text(value) then
      error("invalid replacement value (a " .. type_of(value) .. ")", 2)
    end
    pieces[#pieces + 1] = sub(s, copied + 1, first)
    pieces[#pieces + 1] = value
    copied, ended, made = last, last, made + 1
    if anchored then break end
  end
  pieces[#pieces + 1] = sub(s, copied + 1)
  return concat(pieces), made
end

function string.rep(...)
  local s, count, separator = ...
  -- Nothing, however often.
  if s == "" and (separator == nil or separator == "") and type_of(count) == "number" then return "" end
  return rep(...)
end

function table.move(...)
  local from, first, last, to, target = ...
  local count = select("#", ...)
  check_table(from, "move", count)
  first, last = integer(first, nil, 2, "move", count), integer(last, nil, 3, "move", count)
  to = integer(to, nil, 4, "move", count)
  if target == nil then target = from end
  check_range(first, last)
  if to > last or to <= first or target ~= from then
    for i = 0, last - first do target[to + i] = from[first + i] end
  else
    for i = last - first, 0, -1 do target[to + i] = from[first + i] end
  end
  return target
end

function table.insert(...)
  local t, place, value = ...
  local count = select("#", ...)
  check_table(t, "insert", count)
  local after = #t + 1
  if count == 2 then
    t[after] = place
  elseif count == 3 then
    place = integer(place, nil, 2, "insert", count)
    if place < 1 or place > after then error("bad argument #2 to 'insert' (position out of bounds)", 2) end
    for i = after, place + 1, -1 do t[i] = t[i - 1] end
    t[place] = value
  else
    error("wrong number of arguments to 'insert'", 2)
  end
end

function table.remove(...)
  local t, place = ...
  local count = select("#", ...)
  check_table(t, "remove", count)
  local size = #t
  if count < 2 then
    place = size
  else
    place = integer(place, nil, 2, "remove", count)
    if size + 1 ~= place and (place < 1 or place > size + 1) and not (size == 0 and place == 0) then
      error("bad argument #2 to 'remove' (position out of bounds)", 2)
    end
  end
  local removed = t[place]
  while place < size do
    t[place] = t[place + 1]
    place = place + 1
  end
  t[place] = nil
  return removed
end

function table.concat(...)
  local t, separator, first, last = ...
  local count = select("#", ...)
  check_table(t, "concat", count)
  first, last = integer(first, 1, 3, "concat", count), integer(last, #t, 4, "concat", count)
  check_range(first, last)
  return concat(t, separator, first, last)
end

function table.sort(...)
  local t, before = ...
  check_table(t, "sort", select("#", ...))
  if getmetatable(t) == nil then return sort(t, before) end
  local copy, size = {}, #t
  check_range(1, size)
  for i = 1, size do copy[i] = t[i] end
  sort(copy, before)
  for i = 1, size do t[i] = copy[i] end
end

-- What is run when an object is freed is never interrupted.
function _G.setmetatable(...)
  local _, meta = ...
  if type_of(meta) == "table" and rawget(meta, "__gc") ~= nil then
    error("a metatable can't have __gc here", 2)
  end
  return setmetatable(...)
end

-- All pieces of a source that a function tells.
local function gathered(reader)
  local pieces = {}
  while true do
    local piece = reader()
    if piece == nil or piece == "" then return concat(pieces) end
    if type_of(piece) ~= "string" then error("reader function must return a string", 0) end
    pieces[#pieces + 1] = piece
  end
end

-- Compiled code is not checked before it is run: only text can be loaded. What is run is the text
-- without variables that are to be closed; what is wrong with it is told of the text as it was.
function _G.load(...)
  local source, name, _, env = ...
  local count = select("#", ...)
  if type_of(source) == "function" then
    local ok, text = pcall(gathered, source)
    if not ok then return nil, text end
    source, name = text, name or "=(load)"
  end
  source = text(source, 1, "load", count)
  name = name or source
  local made, message = load(source, name, "t")
  if not made then return nil, message end
  if count < 4 then return load(without_closing(source), name, "t") end
  return load(without_closing(source), name, "t", env)
end
