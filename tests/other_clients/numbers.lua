function add(record, bin, number)
    record[bin] = record[bin] + number
    aerospike:update(record)
    return record[bin]
end
