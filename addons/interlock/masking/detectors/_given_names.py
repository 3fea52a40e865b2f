"""Common given names of many languages: what tells `name: Erika Mustermann` from `name: Release Pipeline`."""

from __future__ import annotations

__all__ = ["GIVEN", "NO_SURNAMES"]

_GIVEN = """
aaron abdul abdullah abigail adam adrian adriana agnes agnieszka ahmed aisha alan albert alberto aleksander
aleksandra alejandra alejandro alessandra alessandro alex alexander alexandra alexis alfred alfredo ali alice
alicia alina aline alison allison alma amalia amanda amelia amelie amina amir amy ana anastasia anders andre
andrea andreas andrei andres andrew andrzej andy angela angelika angelina anil anita anja anke ann anna
annabelle anne annette annika anthony antje anton antonia antonio anya ari ariana ariel arjun arnaud arne
arthur arturo asha ashley astrid aurelie ava axel ayesha aylin barbara bart bartosz bastian bea beata beatrice
beatriz ben benedikt benjamin benoit bernard bernd bernhard beth betty bianca birgit bjorn blanca bob bogdan
bonnie boris brandon brenda brian brigitte britta bruce bruno bryan burak camila camille carina carl carla
carlo carlos carmen carol caroline carsten caterina catherine cecilia celia celine cem chantal charles chiara
chloe chris christa christian christiane christina christine christoph christophe christopher cindy claire
clara claudia claus clemens colin connor constantin corinna cornelia cristian cristina cynthia daan dagmar
daisy damian damien dan daniel daniela daniele danielle danny dario david davide deborah deepak denise dennis
derek detlef diana diane diego dieter dimitri dina dirk dominik dominique donald donna doris dorothea dorothy
douglas dylan eberhard eddie edgar edith eduardo edward egon elena eleni eleonora elias elif elijah elisa
elisabeth elise elizabeth elke ella ellen elsa elvira emil emilia emilie emily emine emma emmanuel enrico
enrique eric erik erika erin ernst esra esteban ester esther ethan eugen eva eve evelyn ewa fabian fabienne
fabio farah fatima fatma federica federico felicia felix ferdinand fernanda fernando filip finn fiona florian
frances francesca francesco francis francisco francois frank frans franz franziska fred frederic frederik
fredrik frida friedrich fritz gabriel gabriela gabriele gabrielle gary geert georg george gerald gerard gerd
gerda gerhard gert gianluca gina giorgio giovanni gisela giulia giuseppe gloria gonzalo grazyna greg gregor
gregory greta grzegorz guido guillaume gunter gunther gustav hakan hamza hana hannah hanna hannes hans harald
harold harry hassan heather hector heidi heike heiko heiner heinrich heinz helen helena helene helga helmut
hendrik henri henrik henry herbert hermann hilda hiroshi holger horst hubert hugo hussein ian ibrahim ida
ignacio igor ilse imran ines inga inge ingo ingrid irena irene irina iris irma isaac isabel isabella isabelle
ismail ivan ivana jack jacob jacqueline jacques jaime jakob jakub james jamie jan jana jane janet janine janusz
jared jasmin jasmine jason javier jean jeanne jeff jeffrey jelena jennifer jenny jens jeremy jerome jerry
jesper jesse jessica jesus jill jim jimmy joan joanna joao jochen joe joel joerg joey johan johann johanna
johannes john johnny jon jonas jonathan jorge jose josef joseph josephine joshua joyce juan juana judith judy
jule jules julia julian juliana julie julien juliette julius justin justyna kai kamil kamila karen karim karin
karina karl karla karolina karsten katarina katarzyna kate katharina katherine kathleen kathrin kathy katie
katja katrin keith kelly kenji kenneth kerstin kevin khalid kim kimberly kira klara klaus konrad konstantin
krzysztof kristian kristin kristina kurt kyle lara larry lars laszlo laura lauren laurence laurent lea leah
leila lena lennart leo leon leonard leonardo leonie leonora leopold leslie leticia levi lewis leyla liam lidia
lilian liliana lilly lily lina linda linus lionel lisa lise liu livia logan lorena lorenzo lothar louis louisa
louise luc luca lucas lucia luciana lucie lucy ludwig luigi luis luisa luka lukas lukasz luke luna lutz lydia
lynn maarten mads magda magdalena maggie magnus mahmoud maja malgorzata malin manfred manon manuel manuela mara
marc marcel marcela marcelo marcin marco marcos marcus mareike margaret margarita margot maria mariam marian
mariana marianne marie marija marina mario marion marit marius marjan mark marko markus marta martha martin
martina martine mary maryam mateo mateusz mathias mathieu mathilde matilda matt matteo matthew matthias maud
maurice mauricio max maxim maxime maximilian maya megan mehmet mei melanie melina melissa mercedes meryem mia
michael michaela michal michel michele michelle miguel mika mikael mike mikkel milan milena mina miriam mirjam
mirko mohamed mohammad mohammed mona monica monika monique morgan moritz muhammad murat mustafa nadia nadine
nadja nancy naomi natalia natalie nathalie nathan neil nelson nicholas nick nicola nicolas nicole niels nikita
nikolai nikolaus nils nina noah noemi noel nora norbert norma nuria octavio olaf ole oleg olena olga oliver
olivia olivier omar oscar oskar otto owen pablo pamela paola paolo pascal patricia patrick patrik paul paula
paulina pauline paulo pavel pawel pedro peggy penelope peter petra philip philipp philippe phillip pia pierre
pieter pilar piotr priya rachel rafael rahul rainer raj ralf ralph ramon ramona raphael raquel raul ravi
raymond rebecca regina reinhard rene renata renate ricardo riccardo richard rita robert roberta roberto robin
rocio rodrigo roger roland rolf roman romy ronald ronja rosa rosalie rosemary ross roy ruben rudolf rupert
russell ruth ryan sabine sabrina salma salvatore sam samantha samira samuel sandra sandrine sandro sanjay sara
sarah sascha scott sean sebastian selina selma serge sergej sergey sergio seth shannon sharon shirley sibylle
sigrid silke silvia simon simona simone sina siobhan sofia sofie sonia sonja sophia sophie soren stacy stan
stanislaw stefan stefania stefanie steffen stella sten stephan stephanie stephen steve steven stuart sunita
susan susana susanne suzanne sven svenja svetlana sylvia sylvie takeshi tamara tania tanja tara tatiana taylor
ted teresa thea theo theodor theresa therese thierry thomas thorsten tiago tiffany tilman tim timo timothy tina
tobias todd tom tomas tomasz tommy toni tony torben torsten tracy trevor tristan tyler udo ulf ulla ulrich
ulrike ursula ute uwe valentin valentina valeria valerie vanessa vera verena veronica veronika victor viktor
viktoria vincent vincenzo vivian vladimir volker walter wanda wendy werner wilhelm willem william wim wolfgang
wojciech xavier yan yasmin yolanda youssef yuki yulia yusuf yves yvonne zachary zeynep zoe zofia zsofia zuzana
björn jörg jürgen günter günther müge özlem chloé hélène renée rené françois frédéric benoît jérôme andré
andrés maría josé jesús sofía lucía martín sebastián nicolás inés mónica zoë łukasz małgorzata søren åsa göran
håkan
"""
_NONE = """
length size value width height count retries limit rate amount payment price speed depth users items tokens
beach river airport city street hotel hospital university station park bridge island lake school church center
centre museum library theater theatre tower building office server service test tests build project team group
day week pipeline job client key keys token file files path type level mode version
"""
GIVEN = frozenset(_GIVEN.split())
NO_SURNAMES = frozenset(_NONE.split())
"""What makes a place or a setting of a given name: Max Length, Victoria Station."""
