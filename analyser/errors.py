"""Errors a user can meet: each has a permanent code, says where, what was found, what is allowed and what to do.

``EXPLANATIONS`` is the text behind ``analyser explain CODE``; the same codes mark notices and messages of feedback.
"""

from __future__ import annotations


class AnalyserError(Exception):
    """Base of all errors meant for the user. ``exit_code`` is what the command line returns."""

    exit_code = 2

    def __init__(self, code: str, message: str, *, where: str = "", hint: str = ""):
        self.code, self.message, self.where, self.hint = code, message, where, hint
        super().__init__(str(self))

    def __str__(self) -> str:
        message = self.message
        if self.hint and self.message.rstrip()[-1:] not in tuple(".!?:;"):
            message = f"{self.message.rstrip()}."
        parts = [f"{self.code}:", f"{self.where}:" if self.where else "", message, self.hint]
        return " ".join(part for part in parts if part)


class UsageError(AnalyserError):
    """Wrong options, an unknown rubric id, an output that cannot be written."""


class RubricError(AnalyserError):
    """A rubric file that cannot be read or is not valid."""


class DraftError(AnalyserError):
    """A draft that cannot be read as text."""

    exit_code = 3


class TrainedModelError(AnalyserError):
    """A folder of trained weights that is broken."""


# Codes: E1xx drafts, E2xx rubrics, E3xx use, E4xx trained models; W4xx advice on rubrics; N1xx notices about how a
# draft was read.
EXPLANATIONS: dict[str, str] = {
    "E101": "No file has this name. Check the spelling, the suffix and the folder; put quotation marks round spaces.",
    "E102": "A folder was given where one draft is expected.",
    "E103": "The file is there, but your account may not open it.",
    "E104": "Files of up to 50 MB are read. Large ones hold pictures; the text of an essay takes a few kilobytes.",
    "E105": "The file holds nothing at all, as when saving or downloading was broken off.",
    "E106": "The file was read and holds no letters: only pictures, blank pages or signs.",
    "E107": "Drafts of up to 50,000 words are read. Give one essay at a time.",
    "E110": "Word files from before 2007 (.doc) are not read. Word, LibreOffice and Google Docs save them as .docx.",
    "E111": "Apple Pages keeps its text in a form of its own. File > Export To > Word makes a file that can be read.",
    "E112": "Photographs and scans hold no text. Type the essay out, or run text recognition (OCR) on the picture.",
    "E113": "The bytes of the file are not text in any known encoding, whatever its suffix says.",
    "E114": "Read are .txt, .md, .docx, .odt, .rtf, .pdf and .html files, by their contents and not by their names.",
    "E120": "The document cannot be opened without a password, and the analyser does not ask for one.",
    "E121": "The file looks like a document but its contents are cut short or broken.",
    "E122": "A small file that unpacks to a huge one is refused, since opening it can stop the computer.",
    "E123": "The pages of a scanned PDF are pictures. Text recognition (OCR) adds the text that can be read.",
    "E124": "The fonts in the PDF have no table of letters, so copying text from it gives nonsense in any program.",
    "N101": "What a file is was told from its contents. Renaming it saves confusion.",
    "N102": "With under 20 words nearly every part of a rubric must be missing.",
    "N103": "The analyser knows English only; most letters of the draft belong to another script.",
    "N104": "The analyser knows English only; the commonest English words are nearly absent from the draft.",
    "N105": "Scanned pages between pages of text are skipped, so what they say counts as missing.",
    "N106": "Files in UTF-8 need no guessing. In older encodings quotation marks and accents may come out wrong.",
    "N107": "Insertions count as text of the essay, deletions do not, and comments are left out.",
    "N120": "The platform marks the work as late. It gets feedback like any other.",
    "N121": "Of several drafts of a student the last one is marked.",
    "N122": "The same file twice from one student is marked once.",
    "N123": "Two students handed in the very same file. Both are marked; look at them.",
    "N124": "One draft in several formats is marked once, from the format that holds its text best.",
    "N125": "Several files of a student, and nothing says which is the latest: each is marked on a row of its own.",
    "N126": "Files of the system, tables and earlier feedback are no drafts.",
    "N128": "A file that gives way to a better one of the same student.",
    "N129": "The document's properties name an author who is not the student. It may be a shared computer.",
    "N130": "From the folder of working files: the student has not handed it in.",
    "N131": "Two drafts share half of their wording or more. Both are marked; look at them.",
    "N201": "Without the trained pipeline, simple rules read the sentences. Installing the package again restores it.",
    "N202": "The draft names neither side of the rubric's question, so it may answer another question.",
    "N203": "A teacher's corrections on this question were learnt from. `analyser learn --forget` undoes it.",
    "N204": "The rubric's points or the matcher have changed since: `analyser learn` the same corrections again.",
    "N205": "Only points that the matcher left unsure were settled so; look at the words that are quoted.",
    "N206": "The second reader gave no usable answer, so these points stay as the matcher left them.",
    "N207": "The draft leaves this computer for the address that was given. Ask whether that is allowed.",
    "N208": "Without the trained matcher, shared words show where a point may be. Install the package again.",
    "E200": "No rubric with this id or at this path. `analyser rubric list` shows the shipped ones.",
    "E201": "The rubric file exists but cannot be read: check that you may open it.",
    "E202": "The rubric file is far larger than a rubric can be.",
    "E203": "Rubric files are UTF-8 text. Save it again as UTF-8 in your editor.",
    "E204": "The file is not valid YAML. Most often a tab, a wrong indentation or a missing quotation mark.",
    "E205": "A rubric is a mapping that starts with 'id:', 'question:', 'sides:'. Copy a shipped rubric to start from.",
    "E206": "YAML anchors and aliases are not needed in a rubric and can make endless loops; write the text out.",
    "E207": "One key stands twice in the same entry, so one of the two values would be lost.",
    "E211": "A key that rubrics do not have, perhaps misspelt. The message lists what is allowed there.",
    "E212": "Required: id, question, sides (a and b), judgement and at least one point with id, kind and statement.",
    "E213": "The value is not one of those allowed; the message lists them.",
    "E214": "The value has the wrong form, for example text where a number belongs, or an empty text.",
    "E215": "Ids tie feedback, corrections and reports to the rubric, so each may stand only once.",
    "E216": "A point may name only evidence that stands under 'evidence' of the same rubric.",
    "E217": "The two sides must have different names.",
    "E301": "`analyser explain` knows codes of errors (E), notices (N), advice (W), messages (P), observations (O).",
    "E302": "Completion scripts exist for bash, zsh and fish.",
    "E303": "The name given with -o is a folder.",
    "E304": "The folder of the file given with -o does not exist.",
    "E305": "The output file could not be written; nothing was left half-written.",
    "E306": "The suffix of the file given with -o names no format; --format says which one is meant.",
    "E310": "Saved feedback is JSON of schema analyser.feedback/1 (`--format json` writes it). This is none.",
    "E311": "Saved feedback refers to the ids of one version of one rubric and can be shown only with that one.",
    "E312": "The formats are terminal, markdown, json and html.",
    "E330": "`analyser mark` takes a folder or a zip archive of drafts.",
    "E331": "The folder or archive holds no file that could be a draft.",
    "E332": "A roster is a CSV file whose first line names its columns, for example: name,email,file.",
    "E333": "A pattern is a regular expression with named groups: student_id, name, first_name, last_name, email, "
    "file_id, "
    "version, timestamp, late.",
    "E334": "The output folder cannot be made or written. Choose one of your own.",
    "E335": "An output folder belongs to one rubric, holds names or codes, not both, and lies outside the submissions.",
    "E336": "Two runs in one output folder would get in each other's way.",
    "E337": "The draft needed more memory than there was, twice. The other drafts are not affected.",
    "E338": "The draft was given up so that the others can be marked.",
    "E339": "The disk is full or the folder became read-only. What was finished is kept; the same command goes on.",
    "E340": "A link can lead to any file of the computer, so links among submissions are not followed.",
    "E341": "A file in an archive may not name a place outside of it.",
    "E342": "A small archive that unpacks to a huge one is refused, since opening it can stop the computer.",
    "E343": "Archives in archives are opened two deep: the platform's export and a student's own zip.",
    "E344": "Essays come as .docx, .odt, .rtf, .pdf, .html, .md or .txt.",
    "E345": "`analyser review` and `analyser agree` need the folder that `analyser mark` has written.",
    "E346": "The archive, or a file in it, is broken: download it again.",
    "E347": "Corrections are kept in corrections.jsonl and may be written on the sheet Review of class.xlsx.",
    "E348": "With --pattern, files whose path does not fit the pattern are left out.",
    "E349": "The student handed in a web address. Nothing is fetched; ask for the file.",
    "E351": 'Marking a class and .xlsx files of rubrics need the `class` extra: pip install "essay-analyser[class]".',
    "E350": "A fault of the analyser's own. The other drafts are not affected; please report it.",
    "E370": "Nothing is overwritten that somebody else has just written; what you did in the review is kept beside it.",
    "E371": "The rubrics that come with the analyser are not edited in place. Copy the folder and edit the copy.",
    "E380": "Corrections come as CSV with the columns essay, point and label, as JSON Lines with these keys, or as the "
    "folder that `analyser mark` has written.",
    "E381": "A label is covered, partial, contradicted or missing; a point is an id of the rubric's points.",
    "E382": "One draft's point was given two different labels, so one of them must be wrong.",
    "E383": "From fewer drafts nothing reliable can be learnt; see docs/learn.md for what more of them bring.",
    "E384": "Without the trained matcher there is nothing to correct. Installing the package again restores it.",
    "E385": "The place is beside the rubric, or in your own folder for a shipped one. Nothing was left half-written.",
    "E386": "The file that `analyser learn` wrote was changed or cut short.",
    "E387": "There is nothing learnt about this rubric, so nothing to forget.",
    "E388": "A rubric made in memory has no place where something learnt could be kept.",
    "E360": "A rubric is drafted from what a text says of likenesses and differences; this one says neither.",
    "E361": "A rubric belongs to a question. Put it on the first line, or give it with --question.",
    "E362": "Rubrics compare two things. For three, draft one rubric for each pair that the question compares.",
    "E363": "The two sides are found in the question: 'How similar were X and Y?', 'How far did X differ from Y?'.",
    "E364": "Level descriptors ('Level 4: a sustained analysis') hold no points of the subject.",
    "E365": "A drafted rubric is a folder: rubric.yaml, and the model answer beside it.",
    "E366": "Nothing is overwritten. --update merges a new draft into a rubric and keeps everything you edited.",
    "E367": "The folder given with -o cannot be made or written.",
    "N361": "Of several questions in one file the first is drafted; the text is cut where the next begins.",
    "N362": "Without paragraphs, the parts of an answer are told by their wording alone. Check the order of points.",
    "N363": "The model answer gives two dates or figures for one thing, or a date outside its own side's period.",
    "N364": "Level descriptors are left out of the points; paste them under 'levels:' if you want them shown.",
    "E390": "A model of your own is run by torch and transformers, which most users do not need.",
    "E391": "Models are read from a folder or from what was downloaded before: the analyser downloads nothing.",
    "E392": "The outputs of a model must be called entailment, neutral and contradiction, or covered, partial, "
    "contradicted and missing; a single output is taken for relevance.",
    "E393": "A calibration fits one version of the matcher. `python -m analyser.training.calibrate` makes a new one.",
    "E394": "A calibrated reader works together with the trained matcher. Installing the package again restores it.",
    "E395": "Doubts are settled by one second reader: a model that was not calibrated, or an endpoint.",
    "E396": "An endpoint is an address such as http://localhost:11434/v1, of Ollama, llama.cpp or the like.",
    "E397": "The endpoint must be told which of its models to use: --model NAME.",
    "E372": "Rubrics are read from .xlsx workbooks and .csv files. This one is broken, locked or of another kind.",
    "E373": "The sheets Question and Points are needed, and in each the columns of `analyser rubric export`.",
    "E374": "The message lists the names that are known there. Export a shipped rubric to see a complete spreadsheet.",
    "E375": "Cells of a rubric hold text. Copy the cell and paste it as values only.",
    "E376": "A figure is what it counts, a colon and the number, one a line.",
    "E377": "A cell of a workbook holds 32,767 characters. A .csv file has no such limit.",
    "E378": "Google Sheets: File > Download > .xlsx. Numbers: File > Export To > Excel. LibreOffice: Save As > .xlsx.",
    "E401": "The files of a trained model are damaged. Installing the package again restores them.",
    "E402": "The files of a trained model are damaged or of another version. Install the package again.",
    "W401": "The matcher reads each of the two points as making the other, so it cannot tell which one a draft makes.",
    "W402": "A point is judged as a whole. One that holds two ideas is never quite there and never quite missing.",
    "W403": "A similarity is said of both sides: what is true of one alone cannot be looked for as a likeness.",
    "W404": "A difference sets two sides against each other. The tool knows the sides by their names and aliases.",
    "W405": "A point is not called missing where a draft names its evidence, so the rubric must say which that is.",
    "W406": "A hint asks and does not tell. One with a telling word, a name or a date is held back from students.",
    "W407": "An alias is looked for everywhere in a draft, so an everyday word is found where nobody means it.",
    "W408": "One wording that stands for two things cannot say which of them a draft means.",
    "W409": "The tool looks for each side by its name, what it derives from it, and its aliases.",
    "W410": "The model answer beside the rubric is read like a draft. What is missing even there wants other words.",
    "W411": "The model answer beside the rubric is read like a draft. Evidence missing there may have another name.",
    "W412": "`analyser rubric draft` marks what it is not sure of. `analyser rubric review` takes the marks away.",
    "O101": "One side is named and discussed at least four times as often as the other.",
    "O102": "Most paragraphs of the body are about one side alone, so the two are told apart rather than compared.",
    "O103": "A paragraph names nothing of the question's topic, compares nothing and argues nothing.",
    "O104": "A paragraph is dense with dates and words such as 'then' and has hardly a word that argues.",
    "O105": "Nine or more words in a row stand twice, outside quotations and the question's own wording.",
    "O106": "A sentence is the question, or most of it, word for word.",
    "O107": "A quotation of forty words or more.",
    "O108": "A paragraph of names or keywords with hardly a word to join them.",
    "O109": "The introduction sets criteria, and no word or idea of any of them comes back later.",
    "O110": "A standard of judgement that the essay announces and the rubric does not have.",
    "O111": "Three or more phrases that fill space, such as 'since the dawn of time'.",
    "T100": "A comment of the teacher's.",
}
