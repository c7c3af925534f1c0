// What the functions of dates, times and other records take and give.
extension FormulaFunction {
    var dateSignature: FormulaSignature {
        switch self {
        case .addMonths:
            Signature(
                .date,
                "ADDMONTHS(date, count)",
                [.day, .number],
                .date,
                "The last day of a month stays the last day of one."
            )
        case .date:
            Signature(
                .date,
                "DATE(year, month, day)",
                [.number, .number, .number],
                .date,
                "A date; a day that does not exist is an error."
            )
        case .dateValue:
            Signature(
                .date,
                "DATEVALUE(value)",
                [.any],
                .date,
                "The day of a datetime in UTC, or of text."
            )
        case .dateTimeValue:
            Signature(
                .date,
                "DATETIMEVALUE(value)",
                [.any],
                .dateTime,
                "The moment of a text such as `2026-01-31 10:30:00`, in UTC, or of a date."
            )
        case .timeValue:
            Signature(
                .date,
                "TIMEVALUE(value)",
                [.any],
                .time,
                "The time of a datetime in UTC, or of a text such as `10:30:00.000`."
            )
        case .day: Signature(.date, "DAY(date)", [.day], .number, "The day of the month.")
        case .month: Signature(.date, "MONTH(date)", [.day], .number, "1 to 12.")
        case .year: Signature(.date, "YEAR(date)", [.day], .number, "The year.")
        case .dayOfYear: Signature(.date, "DAYOFYEAR(date)", [.day], .number, "1 to 366.")
        case .weekday:
            Signature(.date, "WEEKDAY(date)", [.day], .number, "1 for Sunday to 7 for Saturday.")
        case .isoWeek: Signature(.date, "ISOWEEK(date)", [.day], .number, "The ISO 8601 week.")
        case .isoYear:
            Signature(.date, "ISOYEAR(date)", [.day], .number, "The year of the ISO 8601 week.")
        case .hour: Signature(.date, "HOUR(time)", [.time], .number, "0 to 23.")
        case .minute: Signature(.date, "MINUTE(time)", [.time], .number, "0 to 59.")
        case .second: Signature(.date, "SECOND(time)", [.time], .number, "0 to 59.")
        case .millisecond: Signature(.date, "MILLISECOND(time)", [.time], .number, "0 to 999.")
        case .now: Signature(.date, "NOW()", [], .dateTime, "The present moment.")
        case .today: Signature(.date, "TODAY()", [], .date, "The present day in the user's zone.")
        case .timeNow: Signature(.date, "TIMENOW()", [], .time, "The present time in UTC.")
        case .unixTimestamp:
            Signature(
                .date,
                "UNIXTIMESTAMP(value)",
                [.any],
                .number,
                "Seconds since 1970-01-01; of a time, since midnight."
            )
        case .fromUnixTime:
            Signature(
                .date,
                "FROMUNIXTIME(seconds)",
                [.number],
                .dateTime,
                "The moment of a timestamp."
            )
        case .formatDuration:
            Signature(
                .date,
                "FORMATDURATION(seconds[, days]) or (from, to)",
                nil,
                .text,
                "Hours, minutes and seconds, `26:03:04`; with days, `1:02:03:04`."
            )
        default:
            Signature(
                .other,
                "VLOOKUP(result, key, value)",
                nil,
                .null,
                "The `result` field of the record whose `key` field has the value: "
                    + "`VLOOKUP($ObjectType.Zip__c.Fields.City__c, $ObjectType.Zip__c.Fields.Name, "
                    + "Zip)`."
            )
        }
    }
}
