package org.iommulab.ui.form;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.run.call.Functions;
import org.iommulab.ui.Texts;
import org.iommulab.ui.form.FormField.Choice;
import org.iommulab.words.Bilingual;

/** Any word of the script language as a form; what it makes is read as a line of a script. */
final class WordForm implements Form {

  /** Key of the sentence that names a field that must be filled in. */
  static final String REQUIRED = "form.required";

  private static final String LEFT_OUT = "";

  private final ScriptWord word;
  private final String label;
  private final List<FormField> fields = new ArrayList<>();

  /**
   * A form of a word.
   *
   * @param known what its fields begin with, by name, where they may have that value
   * @param label what the word does, in the language in use
   */
  WordForm(ScriptWord word, FormFacts facts, Map<String, String> known, String label) {
    this.word = word;
    this.label = label;
    for (ScriptWord.Field field : word.fields()) {
      FormField entered = control(field, facts);
      entered.beginWith(known.getOrDefault(field.name(), ""));
      fields.add(entered);
    }
  }

  private static FormField control(ScriptWord.Field field, FormFacts facts) {
    boolean device = field.name().equals("rid") || field.name().equals("dev") && field.required();
    if (device && !facts.devices().isEmpty()) {
      return FormField.choice(
          field.name(),
          facts.devices().stream()
              .map(
                  each ->
                      new Choice(
                          each.source().toString(), DmaForm.shown(each.source(), each.name())))
              .toList());
    }
    if (field.name().equals("unit") && facts.units() > 1) {
      return FormField.choice(
          "unit",
          IntStream.range(0, facts.units())
              .mapToObj(i -> new Choice(Integer.toString(i), "dmar" + i))
              .toList());
    }
    if (field.name().equals("fn")) {
      return FormField.choice(
          "fn",
          Functions.byChapter().values().stream()
              .flatMap(List::stream)
              .map(function -> new Choice(function.name(), function.name()))
              .toList());
    }
    return switch (field.type()) {
      case FLAG -> FormField.check(field.name());
      case CHOICE -> FormField.choice(field.name(), choices(field));
      case VALUE, TEXT, STRUCTURE -> FormField.text(field.name(), "");
    };
  }

  private static List<Choice> choices(ScriptWord.Field field) {
    var choices = new ArrayList<Choice>();
    if (!field.required()) {
      choices.add(new Choice(LEFT_OUT, "–"));
    }
    field.choices().forEach(value -> choices.add(new Choice(value, value)));
    return choices;
  }

  /** Id of the form and end of its action's: {@code ats-translate}. */
  static String idOf(String op) {
    return "word-" + op.replace('.', '-').replace('_', '-').toLowerCase(Locale.ROOT);
  }

  @Override
  public String id() {
    return idOf(word.op());
  }

  @Override
  public String title(Texts texts) {
    return label + "  ·  " + word.op();
  }

  @Override
  public String give(Texts texts) {
    return texts.get("form.give.word");
  }

  @Override
  public List<FormField> fields() {
    return fields;
  }

  @Override
  public Draft draft() {
    var line = new LinkedHashMap<String, Object>();
    line.put("op", word.op());
    for (int i = 0; i < fields.size(); i++) {
      ScriptWord.Field field = word.fields().get(i);
      String entered = fields.get(i).get();
      if (field.type() == ScriptWord.Type.FLAG) {
        if (fields.get(i).isChecked()) {
          line.put(field.name(), true);
        }
      } else if (!entered.isEmpty()) {
        try {
          line.put(field.name(), value(field, entered));
        } catch (Complaint e) {
          return new Draft.Refused(
              field.name(), Bilingual.of("%s: %s", "%s：%s", field.name(), e.words()));
        }
      } else if (field.required()) {
        return new Draft.Unfinished(field.name(), REQUIRED);
      }
    }
    return switch (Command.parse(Json.write(line))) {
      case Reading.Good<Command>(Command command) -> new Draft.Ready(List.of(command));
      case Reading.Bad<Command>(Bilingual sentence) ->
          new Draft.Refused(blamed(sentence.english()), sentence);
    };
  }

  /** The field that a sentence of the reader names; empty if it names none. */
  private String blamed(String sentence) {
    return word.fields().stream()
        .map(ScriptWord.Field::name)
        .filter(name -> sentence.contains("\"" + name + "\"") || sentence.startsWith(name + " "))
        .findFirst()
        .orElse("");
  }

  private static Object value(ScriptWord.Field field, String entered) throws Complaint {
    boolean number = entered.matches("\\d{1,18}");
    return switch (field.type()) {
      case TEXT -> entered;
      case STRUCTURE -> structure(entered);
      case FLAG -> true;
      case CHOICE -> number ? (Object) Long.parseLong(entered) : entered;
      case VALUE ->
          number
              ? (Object) Long.parseLong(entered)
              : entered.startsWith("{") || entered.startsWith("[") ? structure(entered) : entered;
    };
  }

  /** A list may be written without its brackets. */
  private static Object structure(String entered) throws Complaint {
    boolean bare = !entered.startsWith("{") && !entered.startsWith("[");
    Object value = Json.plain(Json.readJson(bare ? "[" + entered + "]" : entered));
    return value == null ? Map.of() : value;
  }
}
