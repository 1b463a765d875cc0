"""Words and syllables by language, of which fictional names are coined.

Stems are put together from syllables, so that no real company is meant; sector words, legal forms and people's
names are ordinary ones. Sector words stand in the order of `alliance.SECTORS`, `/` between alternatives, `_` for
a space.
"""

from __future__ import annotations

import msgspec

from shieldwall.demo.world.alliance import SECTORS


class Tongue(msgspec.Struct, frozen=True):
    openings: tuple[str, ...]
    middles: tuple[str, ...]
    endings: tuple[str, ...]
    trades: dict[str, tuple[str, ...]]  # sector id → words for what the company does
    forms: tuple[str, ...]  # legal forms, the common ones repeated; "SIA *" stands before the name
    given: tuple[str, ...]
    family: tuple[str, ...]


def _tongue(openings: str, middles: str, endings: str, trades: str, forms: str, given: str, family: str) -> Tongue:
    words = [tuple(word.replace("_", " ") for word in trade.split("/")) for trade in trades.split()]
    return Tongue(
        openings=tuple(openings.split()), middles=tuple(middles.split()), endings=tuple(endings.split()),
        trades={sector.id: words[place] for place, sector in enumerate(SECTORS)},
        forms=tuple(form.strip() for form in forms.split(",")),
        given=tuple(given.split()), family=tuple(family.split()),
    )


TONGUES: dict[str, Tongue] = {
    "albanian": _tongue(
        "Drin Vjosh Kor Shal Lumb Bren Gur Mal Tom Zall",
        "a e i o ar",
        "ezi ova ishta ora mira antë uar esa",
        "Energji/Elektrik Transport Bankë Sigurime Klinika Ujësjellës Qendra_e_të_Dhënave Telekom Sisteme Mbrojtje "
        "Hapësira Prodhim Kimike Ushqime Postë Mjedis Shërbime_Publike",
        "Sh.A., Sh.p.k., Sh.p.k.",
        "Arben Elira Gent Mirela Besnik Teuta",
        "Hoxhaj Dervishi Krasniqi Marku Leka Shehu",
    ),
    "dutch": _tongue(
        "Veld Hoor Zand Lind Brug Meer Wil Kamp Rijs Oost Vaar Tol",
        "er en a el o in",
        "ing wijk drecht laar mond horst vliet stee",
        "Energie/Stroom Transport/Logistiek Bank Verzekeringen Zorg/Kliniek Waterwerken Datacenters Telecom "
        "ICT-Diensten Defensietechniek Ruimtevaart Machinebouw/Metaal Chemie Voeding Koeriers Recycling Regiodienst",
        "B.V., B.V., N.V.",
        "Sanne Pieter Lotte Bram Femke Joris",
        "Verhoeven Dekkers Maes Peeters Hendriksen Lammers",
    ),
    "bulgarian": _tongue(
        "Bal Rod Strum Mar Vit Isk Tund Per Sred Zag",
        "a o i e an",
        "ina ovo esh itsa ana ar ev iya",
        "Energiya/Elektro Transport Banka Zastrahovane Zdrave Vodosnabdyavane Data_Tsentar Telekom Sistemi Otbrana "
        "Kosmos Mashini Himiya Hrani Kurier Ekologiya Obshtinski_Uslugi",
        "AD, EAD, OOD, EOOD",
        "Boyan Desislava Kalin Radka Stoyan Milena",
        "Petkov Stoeva Dimitrova Kolev Hristov Angelova",
    ),
    "english": _tongue(
        "Hal Thorn Bram Keld Ash Win Stan Mar Pem Quill Ost Lark Fen Dun",
        "er a en le in o",
        "wick ford combe mere hollow stead gate worth ley brook",
        "Energy/Power Freight/Rail/Air Bank/Trust Assurance Health/Clinics Water Data_Centres/Cloud Telecom/Fibre "
        "Managed_Services/Cyber Defence/Dynamics Orbital/Space Manufacturing/Engineering Chemicals Foods Parcels "
        "Waste Public_Services",
        "Ltd, Ltd, plc, Inc., LLC, Corp.",
        "Eleanor James Priya Marcus Hannah Owen",
        "Ashdown Mercer Whitlock Okafor Delaney Thorburn",
    ),
    "croatian": _tongue(
        "Drav Velj Kup Mos Sav Lik Zrm Gor Trn Bis",
        "a o i e",
        "ovac ina eta onik ura ava itsa enje",
        "Energija/Elektro Promet Banka Osiguranje Zdravlje Vodovod Podatkovni_Centar Telekom Sustavi "
        "Obrambena_Tehnika Svemir Strojogradnja Kemija Hrana Dostava Otpad Javne_Usluge",
        "d.o.o., d.o.o., d.d.",
        "Ivana Marko Petra Ante Lucija Tomislav",
        "Horvatić Babić Marinović Perković Vuković Jurišić",
    ),
    "czech": _tongue(
        "Bíl Kol Mor Str Vlt Hra Lip Žel Kru Jav",
        "a o e i ov",
        "nice ovka ín eč ava any ost ara",
        "Energie/Elektro Doprava/Logistika Banka Pojišťovna Zdraví/Klinika Vodárny Datacentra Telekom Systémy "
        "Obranná_Technika Kosmos Strojírny Chemie Potraviny Kurýr Odpady Veřejné_Služby",
        "s.r.o., s.r.o., a.s.",
        "Jana Tomáš Eliška Ondřej Markéta Vojtěch",
        "Dvořáček Konečná Beneš Pokorná Šimek Havlová",
    ),
    "danish": _tongue(
        "Skov Lind Nør Brand Hol Egs Rav Tve Mos Kær",
        "e a er in",
        "bjerg lund strup sted holt gård bæk um",
        "Energi/El Transport/Shipping Bank Forsikring Sundhed Vandværk Datacenter Tele IT-Drift Forsvarsteknik "
        "Rumfart Industri/Maskin Kemi Fødevarer Kurer Affald Forsyning",
        "A/S, ApS, A/S",
        "Mette Søren Freja Rasmus Astrid Jeppe",
        "Kjærgaard Brandt Lindqvist Holm Østergaard Damsgaard",
    ),
    "estonian": _tongue(
        "Tall Kuu Män Soo Vil Hal Raa Põl Kas Luu",
        "a i e u ta",
        "vere järve mäe nurme saare laid oja metsa",
        "Energia/Elekter Transport/Logistika Pank Kindlustus Tervis Vesi Andmekeskus Telekom IT-Teenused "
        "Kaitsetehnika Kosmos Tööstus Keemia Toit Kuller Jäätmed Haldusteenused",
        "OÜ, OÜ, AS",
        "Liis Taavi Kadri Rasmus Maarja Indrek",
        "Tammsaar Kuusk Rebane Mägi Saarepuu Oja",
    ),
    "french": _tongue(
        "Val Mont Bel Char Ser Lav Ros Per Cour Arg Fon Mar",
        "e i au en ille o",
        "clair vigne court laine ières mont elle ance oux",
        "Énergie/Électricité Transports/Fret Banque/Crédit Assurances Santé/Cliniques Eaux Hébergement Télécoms "
        "Infogérance Défense/Armements Spatial Industries/Mécanique Chimie Agroalimentaire Messagerie Recyclage "
        "Services_Publics",
        "SA, SAS, SAS, SARL",
        "Camille Antoine Margaux Julien Élodie Bastien",
        "Lemaître Vasseur Delorme Garnier Fontanel Rousselin",
    ),
    "german": _tongue(
        "Brand Stein Wald Lich Gries Hohen Ebers Falk Roth Nieder Werd Kalt",
        "er en el in o",
        "holm bruck thal feld hausen stett lingen moor au",
        "Energie/Stadtwerke Logistik/Bahn Bank/Sparbank Versicherung Klinik/Medizin Wasserwerke Rechenzentren "
        "Telekom/Netz IT-Dienste Wehrtechnik Raumfahrt Maschinenbau/Metallbau Chemie Lebensmittel Kurier Entsorgung "
        "Verwaltungsdienste",
        "GmbH, GmbH, AG, GmbH & Co. KG, SE",
        "Katrin Jonas Annika Matthias Leonie Stefan",
        "Brandhuber Vogtländer Seidel Kessler Lindenau Rothmann",
    ),
    "greek": _tongue(
        "Thal Kal Aster Meg Pel Vor Lef Kyr Ant Myr",
        "a o i e an",
        "ikos ion ades ara entas opos ia os",
        "Energeia/Ilektriki Metafores/Naftiliaki Trapeza Asfalistiki Iatriki Ydata Kentra_Dedomenon Tilepikoinonies "
        "Pliroforiki Amyntika Diastima Viomichania Chimika Trofima Tachymetafores Perivallon Dimotikes_Ypiresies",
        "S.A., S.A., E.P.E., I.K.E.",
        "Eleni Nikos Katerina Giorgos Despina Stavros",
        "Papadimas Kalogeris Vlachou Antoniadis Markou Sideris",
    ),
    "hungarian": _tongue(
        "Bük Ker Tisz Sár Som Hárs Ver Kis Mát Nyír",
        "a e o ö i",
        "falva hely kút vár völgy liget háza port",
        "Energia/Villamos Szállítás/Logisztika Bank Biztosító Egészség Vízművek Adatközpont Távközlés Informatika "
        "Védelmi_Ipar Űripar Gépgyár Vegyipar Élelmiszer Futár Hulladék Közszolgáltató",
        "Kft., Kft., Zrt., Nyrt.",
        "Zsófia Gergő Réka Balázs Eszter Levente",
        "Szalkai Bárdos Kerekes Vámosi Somogyvári Hegedűs",
    ),
    "icelandic": _tongue(
        "Hrafn Jök Brim Skál Ljós Steina Ís Berg",
        "a ar u",
        "vellir holt nes dalur fell vík múli",
        "Orka Flutningar Banki Tryggingar Heilsa Vatnsveita Gagnaver Fjarskipti Upplýsingatækni Varnir Geimtækni "
        "Iðnaður Efni Matvæli Póstur Umhverfi Þjónusta",
        "ehf., ehf., hf.",
        "Sigrún Hallgrímur Ásta Þorsteinn Birna Jökull",
        "Hrafnkelsdóttir Steinarsson Brynjólfsdóttir Hallsson Egilsdóttir Arnarson",
    ),
    "italian": _tongue(
        "Val Serra Mont Cor Bel Lag Ros Cast Fior Tra Lun Ald",
        "a e o i an",
        "valta melli giano secca torre lunga essa ina ovigo",
        "Energia/Elettrica Trasporti/Ferrovie Banca/Credito Assicurazioni Sanità/Cliniche Acque Datacenter "
        "Telecomunicazioni Servizi_Informatici Difesa/Sistemi_Navali Spazio Meccanica/Officine Chimica Alimentari "
        "Corrieri Ambiente Servizi_Pubblici",
        "S.p.A., S.p.A., S.r.l., S.r.l.",
        "Giulia Lorenzo Chiara Matteo Federica Davide",
        "Serravalli Montanari Belcastro Ferrazzi Lunardi Cordero",
    ),
    "latvian": _tongue(
        "Bērz Oz Kalv Lie Saul Med Ven Gai Prie",
        "a i u e",
        "lava kalni upe ēni pils muiža tava ezers",
        "Enerģija Transports/Loģistika Banka Apdrošināšana Veselība Ūdens Datu_Centrs Telekoms IT_Serviss Aizsardzība "
        "Kosmoss Rūpniecība Ķīmija Pārtika Kurjers Vide Pašvaldības_Pakalpojumi",
        "SIA *, SIA *, AS *",
        "Ilze Kaspars Dace Andris Līga Mārtiņš",
        "Ozolkalns Bērzupe Kalnāja Liepiņš Vītola Saulgriezis",
    ),
    "lithuanian": _tongue(
        "Ąžuol Ber Gir Šal Neri Rūt Vil Lau Žem",
        "a i u e",
        "ynė upis iškės kalnis ava ėnai ietis uva",
        "Energija Transportas/Logistika Bankas Draudimas Sveikata Vandenys Duomenų_Centras Telekomas IT_Paslaugos "
        "Gynyba Kosmosas Pramonė Chemija Maistas Kurjeriai Aplinka Viešosios_Paslaugos",
        "UAB *, UAB *, AB *",
        "Rasa Mindaugas Eglė Tomas Ieva Gintaras",
        "Šalčiūnas Beržinytė Girdauskas Laukaitė Žemaitis Rimkutė",
    ),
    "norwegian": _tongue(
        "Skar Tind Hav Elve Brei Lyng Var Grin Ull Stor Kvit",
        "o a e er",
        "vik fjell nes dalen heim mark sund voll øy",
        "Kraft/Energi Logistikk/Rederi Bank/Sparebank Forsikring Helse Vann Datasenter Tele/Fiber IT-Drift "
        "Forsvarsteknikk Romteknikk Industri/Mekaniske Kjemi Mat/Sjømat Bud Gjenvinning Kommunetjenester",
        "AS, AS, ASA",
        "Ingrid Håkon Solveig Eirik Marte Sindre",
        "Skarsvik Tindeland Breivoll Lyngstad Havnes Kvitberg",
    ),
    "polish": _tongue(
        "Wierz Brz Jas Lip Dąb Sos Kal Wil Gór Sar",
        "o e i a",
        "bnica owice ogóra ewo yna osław anka owiec",
        "Energetyka/Energia Transport/Logistyka Bank Ubezpieczenia Zdrowie/Medyka Wodociągi Centra_Danych "
        "Telekomunikacja Informatyka Zbrojownia Technika_Kosmiczna Maszyny/Huta Chemia Spożywcza Kurier Ekologia "
        "Usługi_Komunalne",
        "sp. z o.o., sp. z o.o., S.A.",
        "Agnieszka Marcin Zofia Paweł Joanna Krzysztof",
        "Wierzbicki Jasińska Dąbrowiec Sosnowska Lipiński Górecka",
    ),
    "portuguese": _tongue(
        "Val Ribe Mont Ser Alm Fon Cast Lav Bran",
        "a e i o",
        "lhosa meira doura eiro anha inha ães osa",
        "Energia/Eléctrica Transportes Banco Seguros Saúde Águas Centros_de_Dados Telecomunicações Sistemas Defesa "
        "Espaço Indústrias Química Alimentos Estafetas Ambiente Serviços_Municipais",
        "S.A., Lda., Lda.",
        "Inês Tiago Beatriz Rui Mariana Duarte",
        "Ribeirinho Valadares Montalvão Fonseca Serrano Castanheira",
    ),
    "romanian": _tongue(
        "Brad Car Mur Som Val Stej Bis Olt Tei",
        "a e i o",
        "ești oara anca enii ița ureni eni or",
        "Energie/Electrica Transport/Logistică Bancă Asigurări Sănătate Apă Centre_de_Date Telecom Sisteme Apărare "
        "Spațial Industrie Chimie Alimente Curier Ecologie Servicii_Publice",
        "S.R.L., S.R.L., S.A.",
        "Ioana Andrei Raluca Mihai Cristina Radu",
        "Brădescu Stejaru Olteanu Murariu Văleanu Teodorescu",
    ),
    "slovak": _tongue(
        "Hor Lip Brez Tat Kam Vrch Jas Dub Stud",
        "a o i e",
        "ovce nica ianka ava ín iny eň ka",
        "Energia/Elektro Doprava/Logistika Banka Poisťovňa Zdravie Vodárne Dátové_Centrá Telekom Systémy "
        "Obranná_Technika Kozmos Strojárne Chémia Potraviny Kuriér Odpady Verejné_Služby",
        "s.r.o., s.r.o., a.s.",
        "Zuzana Peter Katarína Michal Lenka Juraj",
        "Horváthová Dubovský Kamenická Brezina Vrchovská Lipták",
    ),
    "slovenian": _tongue(
        "Bist Hrast Kam Lip Sav Gor Jas Kras Bel",
        "a o e i",
        "ovec nica ina avje išče ljana rad ik",
        "Energija/Elektro Promet/Logistika Banka Zavarovalnica Zdravje Vodovod Podatkovni_Centri Telekom Sistemi "
        "Obrambna_Tehnika Vesolje Strojna Kemija Živila Kurir Okolje Javne_Storitve",
        "d.o.o., d.o.o., d.d.",
        "Maja Luka Nina Gregor Tjaša Rok",
        "Hrastnik Kamenšek Bistričan Gorjanc Lipovšek Savnik",
    ),
    "spanish": _tongue(
        "Val Mont Ser Riba Alc Cal Per Torre Alb Lag",
        "a e i o an",
        "lera mosa doria ceña huerta rubia anza illo ejo",
        "Energía/Eléctrica Transportes/Naviera Banco/Caja Seguros Salud/Clínicas Aguas Centros_de_Datos "
        "Telecomunicaciones Sistemas Defensa Espacial Industrias/Metalúrgica Química Alimentación Mensajería "
        "Reciclaje Servicios_Municipales",
        "S.A., S.L., S.L.",
        "Lucía Álvaro Carmen Sergio Nuria Pablo",
        "Valdemoro Serrahima Montoliu Albarracín Calatrava Peralta",
    ),
    "turkish": _tongue(
        "Yıl Kar Bey Gök Çam Deniz Ak Kuz Tan Sar",
        "a e ı u ar",
        "tepe köy dere pınar ova kaya yurt han",
        "Enerji/Elektrik Lojistik/Denizcilik Bankası Sigorta Sağlık Su Veri_Merkezi Telekom Bilişim Savunma Uzay "
        "Makina/Sanayi Kimya Gıda Kargo Çevre Kamu_Hizmetleri",
        "A.Ş., A.Ş., Ltd. Şti.",
        "Elif Emre Zeynep Murat Defne Kerem",
        "Karaova Beydağı Göktepe Çamlıbel Akpınar Yıldırımer",
    ),
}
