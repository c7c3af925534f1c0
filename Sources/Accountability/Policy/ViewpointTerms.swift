/// Words that no rule may contain: names of camps and creeds, and words that mean whatever their
/// reader dislikes.
///
/// A rule that names who somebody is, or that leaves open what it forbids, judges people and not
/// what a use does to others. The lists are data and not complete; a reader finds the rest.
package enum ViewpointTerms {
    /// Sides of politics, faiths and unbelief.
    private static let camps = [
        "left-wing", "right-wing", "leftist", "far-left", "far-right", "liberal", "liberals",
        "conservative", "conservatives", "socialist", "socialists", "communist", "communists",
        "republican", "republicans", "democrat", "democrats", "labour party", "green party",
        "populist", "populists", "nationalist", "nationalists", "anarchist", "anarchists",
        "feminist", "feminists", "zionist", "zionists", "islamist", "islamists", "muslim",
        "muslims", "islam", "islamic", "christian", "christians", "catholic", "catholics",
        "protestant", "protestants", "orthodox", "evangelical", "jew", "jews", "jewish", "judaism",
        "hindu", "hindus", "hinduism", "buddhist", "buddhists", "sikh", "sikhs", "atheist",
        "atheists", "pagan", "sect", "cult", "dissident", "dissidents",
    ]

    /// What can mean anything, and what protects no person.
    private static let open = [
        "objectionable", "inappropriate", "offensive", "immoral", "indecent", "distasteful",
        "unacceptable", "undesirable", "controversial", "extremist", "extremism", "subversive",
        "unpatriotic", "blasphemy", "blasphemous", "obscene", "disparage", "disparages",
        "disparaging", "national honour", "national honor", "public morals", "social harmony",
        "state security", "our reputation", "our sole discretion", "for any reason",
    ]

    private static let all = Set(camps + open)
    /// How many words a term has at most.
    private static let wordsMax = 3

    /// The first that a text contains, as words of their own; `nil` for none.
    package static func first(in text: String) -> String? {
        let words = text.lowercased().split { !$0.isLetter && $0 != "-" }
        for start in words.indices {
            for end in start..<min(start + wordsMax, words.count) {
                let term = words[start...end].joined(separator: " ")
                if all.contains(term) { return term }
            }
        }
        return nil
    }
}
