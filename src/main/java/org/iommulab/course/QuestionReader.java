package org.iommulab.course;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.iommulab.course.Question.Kind;
import org.iommulab.course.Question.When;
import org.iommulab.lab.language.Complaint;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** Reads the questions of a lesson. */
final class QuestionReader {

  private static final Set<String> KEYS =
      Set.of("id", "kind", "text", "options", "answer", "hints", "unless", "mask", "layout");

  private final Set<String> ids = new HashSet<>();

  Optional<Question> read(Place place) {
    if (!place.knows(KEYS)) {
      return Optional.empty();
    }
    String id = place.need("id", "the id of a question").map(Place::word).orElse("");
    if (!id.isEmpty() && !ids.add(id)) {
      place.fault("two questions have the id \"" + id + "\"");
    }
    Optional<Kind> kind =
        place.need("kind", "the kind of question \"" + id + "\"").flatMap(QuestionReader::kind);
    Optional<Bilingual> text =
        place.need("text", "the text of question \"" + id + "\"").flatMap(Place::bilingual);
    List<Question.Option> options = options(place, kind.orElse(null), id);
    Optional<Question.Answer> answer =
        place
            .need("answer", "the answer of question \"" + id + "\"")
            .flatMap(spec -> answer(spec, options));
    if (id.isEmpty() || kind.isEmpty() || text.isEmpty() || answer.isEmpty()) {
      return Optional.empty();
    }
    Long mask = place.get("mask", "\"mask\"").map(Place::number).orElse(null);
    return Optional.of(
        new Question(
            id,
            kind.get(),
            text.get(),
            options,
            answer.get(),
            texts(place, "hints", "a hint"),
            unless(place, options, kind.get()),
            mask == null ? -1L : mask,
            place.get("layout", "\"layout\"").map(Place::word).orElse(null),
            place.line()));
  }

  private static Optional<Kind> kind(Place place) {
    var names = new TreeSet<String>();
    for (Kind kind : Kind.values()) {
      names.add(kind.name().toLowerCase(Locale.ROOT));
    }
    return place.oneOf(names).map(name -> Kind.valueOf(name.toUpperCase(Locale.ROOT)));
  }

  private static List<Bilingual> texts(Place place, String key, String called) {
    return place.get(key, called).stream()
        .flatMap(list -> list.elements(called).stream())
        .flatMap(text -> text.bilingual().stream())
        .toList();
  }

  private static List<Question.Option> options(Place place, @Nullable Kind kind, String id) {
    Optional<Place> list = place.get("options", "\"options\"");
    if (kind != Kind.CHOICE) {
      list.ifPresent(given -> given.fault("only a choice has \"options\""));
      return List.of();
    }
    var options = new ArrayList<Question.Option>();
    var taken = new HashSet<String>();
    for (Place option : list.map(given -> given.elements("an option")).orElse(List.of())) {
      if (!option.knows(Set.of("is", "en", "zh"))) {
        continue;
      }
      String is = option.need("is", "the id of an option").map(Place::word).orElse(null);
      Bilingual text = option.option();
      if (text.equals(Bilingual.same(""))) {
        option.fault("an option needs a text for \"en\" or \"zh\"");
      }
      if (is != null && !taken.add(is)) {
        option.fault("two options of question \"" + id + "\" are \"" + is + "\"");
      }
      if (is != null) {
        options.add(new Question.Option(is, text));
      }
    }
    if (options.size() < 2 || options.size() > 9) {
      list.orElse(place).fault("a choice has two to nine options");
    }
    return options;
  }

  private static Optional<Question.Answer> answer(Place place, List<Question.Option> options) {
    if (!place.knows(Set.of("now", "after", "since", "where", "field"))) {
      return Optional.empty();
    }
    int ways =
        (int)
            List.of("now", "after", "since").stream()
                .filter(key -> place.get(key, "").isPresent())
                .count();
    if (ways != 1) {
      place.fault(
          "an answer is read either \"now\", or \"after\" the next step, or is the command"
              + " \"since\" which something holds");
      return Optional.empty();
    }
    Optional<Place> since = place.get("since", "\"first\"");
    if (since.isPresent()) {
      return conditions(since.get()).map(Question.Since::new);
    }
    When when = place.get("now", "").isPresent() ? When.NOW : When.AFTER;
    Place source = place.get(when == When.NOW ? "now" : "after", "the answer").orElseThrow();
    if (source.node().isObject()) {
      return cases(source, when, options);
    }
    String path = source.word();
    if (path == null) {
      return Optional.empty();
    }
    var where = new LinkedHashMap<String, Object>();
    Optional<Place> filter = place.get("where", "\"where\"");
    filter.ifPresent(
        fields ->
            fields
                .keys()
                .forEach(
                    key -> {
                      Object value =
                          fields.get(key, "\"" + key + "\"").map(Place::plain).orElse(null);
                      if (value != null) {
                        where.put(key, value);
                      }
                    }));
    return Optional.of(
        new Question.Value(
            when, path, where, place.get("field", "\"field\"").map(Place::word).orElse(null)));
  }

  private static Optional<Question.Answer> cases(
      Place source, When when, List<Question.Option> options) {
    var cases = new LinkedHashMap<String, List<Condition>>();
    Set<String> known = new TreeSet<>(options.stream().map(Question.Option::is).toList());
    if (!source.knows(known)) {
      return Optional.empty();
    }
    for (String option : known) {
      source
          .need(option, "the condition of \"" + option + "\"")
          .flatMap(QuestionReader::conditions)
          .ifPresent(conditions -> cases.put(option, conditions));
    }
    return Optional.of(new Question.Cases(when, cases));
  }

  private static Optional<List<Condition>> conditions(Place place) {
    String text = place.word();
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Condition.parse(text));
    } catch (Complaint e) {
      place.fault(e.sentence());
      return Optional.empty();
    }
  }

  private static Map<String, Bilingual> unless(
      Place place, List<Question.Option> options, Kind kind) {
    var reasons = new LinkedHashMap<String, Bilingual>();
    Optional<Place> mapping = place.get("unless", "\"unless\"");
    if (mapping.isEmpty()) {
      return reasons;
    }
    Place given = mapping.get();
    if (kind == Kind.CHOICE) {
      var known = new TreeSet<>(options.stream().map(Question.Option::is).toList());
      known.add(Question.OTHER);
      given.knows(known);
    }
    for (String key : given.keys()) {
      given
          .get(key, "the reason for \"" + key + "\"")
          .flatMap(Place::bilingual)
          .ifPresent(reason -> reasons.put(key, reason));
    }
    return reasons;
  }
}
