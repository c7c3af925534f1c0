/// First names that are forms of one another: `bob` is a form of `robert`.
///
/// Languages call the same person by many forms of one name; a group holds those that are usual for
/// one. A form may be in several groups: `alex` is of `alexander` and of `alexandra`.
package enum Nicknames {
    /// The names of the groups that a folded first name is in; empty where it is in none.
    package static func groups(of name: String) -> [String] { groupsByForm[name] ?? [] }

    /// Whether two folded first names may be forms of one.
    package static func areForms(_ left: String, _ right: String) -> Bool {
        left == right || groups(of: left).contains(where: groups(of: right).contains)
    }

    private static let groupsByForm: [String: [String]] = {
        var groups: [String: [String]] = [:]
        for line in table.split(separator: "\n") {
            let forms = line.split(separator: " ").map(String.init)
            guard let group = forms.first else { continue }
            for form in forms { groups[form, default: []].append(group) }
        }
        return groups
    }()

    /// A group on each line, under its first name.
    private static let table = """
        abigail abby abbie gail
        albert al bert bertie
        alexander alex alec sandy xander sasha aleksandr alejandro alessandro
        alexandra alex lexi sandra sasha aleksandra alejandra alessandra
        alfred al alf alfie fred alfredo
        amanda mandy
        andrew andy drew andrei andreas andre andrea andres
        angela angie angelica
        anne ann anna annie anja hannah nancy ana
        anthony tony antonio anton antoine
        arthur art artie arturo
        barbara barb babs barbie
        benjamin ben benny benji
        bernard bernie bernhard bernardo
        caroline carol carrie karoline carolina
        catherine cathy kathy katherine kathryn katharine kate katie kitty kay cat katarina katharina
        charles charlie chuck chas carlos karl carl carlo charly
        charlotte charlie lottie lotte
        christina chris tina christine christiane kristina kristine
        christopher chris kit topher christoph cristobal
        cynthia cindy
        daniel dan danny daniele
        david dave davy
        deborah deb debbie debra
        dominic dom nick dominik domenico
        donald don donny
        dorothy dot dottie dolly dorothea
        douglas doug
        edward ed eddie ted ned teddy eduard eduardo edoardo
        eleanor ellie nell nora leonora
        elizabeth liz lizzie beth betsy betty eliza elisabeth lisa elsa elise isabel isabella libby
        emily em emmy millie emilia
        emmanuel manny manuel manu
        eric rick erik erich
        eugene gene
        evelyn eve evie
        florence flo florrie
        frances fran frankie francesca francisca franziska
        francis frank frankie fran francesco francisco franz paco
        franklin frank
        frederick fred freddie fritz friedrich federico
        gabriel gabe
        george georgie jorge georg giorgio
        gerald gerry jerry gerard
        gregory greg
        harold harry hal
        helen nell nellie helena lena elena helene
        henry harry hank hal heinrich enrique enrico henri heinz
        irene rene
        isaac ike zack
        jacob jake jakob jacobo coby
        james jim jimmy jamie jaime jacques
        jane janet jan janey jeanne
        jennifer jen jenny
        jeffrey jeff geoff geoffrey
        jeremy jerry jem
        jessica jess jessie
        joan joanna joanne jo johanna
        john jack johnny jon juan johann johannes hans giovanni jean ivan jan ian sean
        jonathan jon johnny nathan
        joseph joe joey jose josef giuseppe pepe
        josephine jo josie
        joshua josh
        judith judy
        julia julie jules giulia
        kenneth ken kenny
        kimberly kim
        laurence larry lawrence laurie lorenzo lars
        leonard leo len lenny leonardo
        louis lou lewis luis luigi ludwig
        louise lou luisa
        lucy lucia luz
        madeleine maddie maddy madeline magdalena
        margaret maggie meg peggy madge marge greta margarita rita margarete daisy
        mark marc marco marcus markus marcos
        martha marty patty
        martin marty martino
        mary maria marie molly polly mae mamie miriam
        matthew matt matty matthias mateo matteo
        maximilian max maxim
        melissa mel missy lissa
        michael mike mick mickey mikey miguel michel michele mikhail
        michelle shelly
        nathaniel nate nat nathan
        nicholas nick nicky nico nicolas nikolaus klaus niklas nikolai
        nicole nicky nicki
        oliver ollie
        pamela pam
        patricia pat patty trish tricia
        patrick pat paddy patricio
        paul pablo paolo pauly
        peter pete pedro pietro pierre
        philip phil pip felipe filippo philipp phillip
        rachel rae shelly
        raymond ray raimund ramon
        rebecca becky becca
        richard rick dick rich ricky ricardo riccardo
        robert bob rob bobby robbie bert roberto rupert
        roger rodger
        ronald ron ronny
        rosemary rose rosie
        russell russ rusty
        samantha sam sammy
        samuel sam sammy
        sarah sara sally sadie
        sebastian seb bastian
        sophia sophie sofia sonia
        stephanie steph stefanie
        stephen steve steven stefan stephan esteban stefano
        susan sue susie suzy susanna susanne suzanne
        teresa terry tess theresa therese
        terence terry terrence
        theodore ted teddy theo
        thomas tom tommy tomas tommaso
        timothy tim timmy
        tobias toby
        valerie val
        veronica ronnie nica veronika
        victor vic vik viktor
        victoria vicky vicki tori
        vincent vince vinny vinnie vincenzo
        virginia ginny ginger
        walter walt wally
        wendy gwendolyn gwen
        william bill will billy willy liam wilhelm guillermo guglielmo guillaume
        zachary zach zack
        """
}
