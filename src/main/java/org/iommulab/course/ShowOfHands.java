package org.iommulab.course;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.words.Bilingual;

/**
 * How a class answered at first: for each question who said what, as a show of hands would have
 * told. A teacher sees from it which misconception is left.
 */
final class ShowOfHands {

  /** Characters of the longest bar. */
  private static final int BAR = 24;

  private ShowOfHands() {}

  /** First answers to one question. */
  record Answers(Question question, Map<String, Integer> counts, String right, int silent) {}

  /** Counts the first answers of sessions; those that are no session of the lesson are left out. */
  static List<Answers> count(Key key, List<Mark> marks, String language) {
    List<Mark> sessions = marks.stream().filter(mark -> mark.problem().isEmpty()).toList();
    var all = new ArrayList<Answers>();
    List<Question> questions = key.lesson().questions();
    for (int i = 0; i < questions.size(); i++) {
      Question question = questions.get(i);
      var counts = new LinkedHashMap<String, Integer>();
      question.options().forEach(option -> counts.put(option.text().in(language), 0));
      String right = key.words(question, language);
      int silent = 0;
      for (Mark mark : sessions) {
        List<Mark.Attempt> attempts = mark.questions().get(i).attempts();
        if (attempts.isEmpty()) {
          silent++;
        } else {
          Mark.Attempt first = attempts.getFirst();
          boolean chosen = question.options().isEmpty();
          String said =
              first.right() && chosen ? right : Key.spell(question, first.given(), language);
          counts.merge(said, 1, Integer::sum);
        }
      }
      all.add(new Answers(question, counts, right, silent));
    }
    return all;
  }

  /** The same as text, with a bar for each answer, the most frequent one first. */
  static String text(Key key, List<Mark> marks, String language) {
    var text = new StringBuilder();
    for (Answers answers : count(key, marks, language)) {
      int most = answers.counts().values().stream().max(Comparator.naturalOrder()).orElse(0);
      text.append(answers.question().id())
          .append(": ")
          .append(answers.question().text().in(language))
          .append('\n');
      answers.counts().entrySet().stream()
          .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
          .forEach(
              one -> {
                boolean right = one.getKey().equals(answers.right());
                int length = most == 0 ? 0 : Math.ceilDiv(one.getValue() * BAR, most);
                text.append(
                    String.format(
                        Locale.ROOT,
                        "%5d  %-" + BAR + "s %s %s\n",
                        one.getValue(),
                        "#".repeat(length),
                        right ? "*" : " ",
                        one.getKey()));
              });
      if (answers.silent() > 0) {
        text.append(
            String.format(
                Locale.ROOT,
                "%5d  %-" + BAR + "s   %s\n",
                answers.silent(),
                "",
                new Bilingual("no answer", "未作答").in(language)));
      }
    }
    return text.append(new Bilingual("* the right answer\n", "* 正确答案\n").in(language)).toString();
  }
}
