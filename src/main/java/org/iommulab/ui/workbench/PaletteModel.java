package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.iommulab.bits.Field;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.LabView;
import org.iommulab.lab.run.call.Function;
import org.iommulab.lab.run.call.Functions;
import org.iommulab.ui.Hex;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.form.WordForms;
import org.iommulab.ui.learn.Shelf;
import org.iommulab.ui.view.lookup.UnitFacts;
import org.iommulab.ui.workbench.Openables.Openable;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;

/**
 * What the palette finds, by group: the group with what is nearest to the words typed first, and in
 * it the nearest.
 */
@Singleton
final class PaletteModel {

  /** What an entry is; each has a heading of its own. */
  enum Group {
    COMMANDS,
    LESSONS,
    PRESETS,
    SESSIONS,
    REGISTERS,
    FUNCTIONS,
    FIELDS,
    DEVICES,
    ADDRESSES,
    OPERATIONS
  }

  /** A line of the palette. */
  sealed interface Line {}

  /**
   * The heading of a group.
   *
   * @param found how many fit, more perhaps than are listed
   */
  record Heading(Group group, int found) implements Line {}

  /**
   * Something to choose.
   *
   * @param text what it is
   * @param detail shortcut, or why it cannot be done
   * @param possible false if choosing it does nothing
   */
  record Entry(Group group, String text, String detail, boolean possible, Runnable chosen)
      implements Line {}

  /**
   * Something that can be found.
   *
   * @param words what is looked through, in small letters
   */
  private record Candidate(Entry entry, String words) {

    /** Every word typed occurs, in any order. */
    boolean fits(List<String> wanted) {
      return wanted.stream().allMatch(words::contains);
    }
  }

  /**
   * A device a search can find.
   *
   * @param source its requester id
   * @param name its name on the machine
   */
  record FoundDevice(SourceId source, String name) {}

  /**
   * What there is to find in the present state.
   *
   * @param devices of the machine
   * @param registers of the unit that is shown
   */
  record Found(List<FoundDevice> devices, List<Register> registers) {

    static final Found NOTHING = new Found(List.of(), List.of());

    static Found in(LabView view) {
      return new Found(
          view.machine().map(machine -> machine.devices()).orElse(List.of()).stream()
              .map(device -> new FoundDevice(device.source(), device.name()))
              .toList(),
          RegisterLayouts.existing(UnitFacts.features(view)));
    }
  }

  /** Lines of one group while there are others to see as well. */
  private static final int MOST_OF_A_GROUP = 12;

  private final Actions actions;
  private final Texts texts;
  private final Openables openables;
  private final Selection selection;
  private final WordForms words;
  private final LabModel lab;
  private Found present = Found.NOTHING;
  private List<Candidate> openable = List.of();

  @Inject
  PaletteModel(
      Actions actions,
      Texts texts,
      Openables openables,
      Selection selection,
      WordForms words,
      LabModel lab) {
    this.actions = actions;
    this.texts = texts;
    this.openables = openables;
    this.selection = selection;
    this.words = words;
    this.lab = lab;
  }

  /** What there is now. */
  void setPresent(Found found) {
    present = found;
  }

  /** Looks what there is to open: not with every letter, because some of it is on disk. */
  void lookAround() {
    var all = new ArrayList<Candidate>();
    String lessons = texts.inEveryLanguage("palette.group.lessons");
    add(Group.LESSONS, openables.lessons(), texts.get("learn.course"), lessons, all);
    for (Shelf shelf : openables.shelves()) {
      String also = lessons + " " + texts.inEveryLanguage(shelf.kindKey());
      add(Group.LESSONS, openables.on(shelf), texts.get(shelf.kindKey()), also, all);
    }
    add(Group.PRESETS, openables.presets(), "", texts.inEveryLanguage("menu.presets"), all);
    add(Group.SESSIONS, openables.earlier(), texts.get("menu.earlier"), "", all);
    add(Group.SESSIONS, openables.recent(), texts.get("menu.recent"), "", all);
    add(Group.SESSIONS, openables.samples(), texts.get("menu.samples"), "", all);
    openable = all;
  }

  /** What fits the words typed so far, group by group. */
  List<Line> find(String query) {
    String wanted = query.strip().toLowerCase(Locale.ROOT);
    List<String> each = List.of(wanted.split("\\s+", -1));
    Map<Group, List<Entry>> groups =
        Stream.concat(
                addresses(wanted),
                everything().stream().filter(one -> one.fits(each)).map(Candidate::entry))
            .collect(
                Collectors.groupingBy(
                    Entry::group, () -> new EnumMap<>(Group.class), Collectors.toList()));
    Comparator<Entry> nearest = Comparator.comparing(entry -> distance(entry, wanted));
    int most = groups.size() == 1 ? Integer.MAX_VALUE : MOST_OF_A_GROUP;
    var lines = new ArrayList<Line>();
    groups.entrySet().stream()
        .sorted(Comparator.comparing(group -> Collections.min(group.getValue(), nearest), nearest))
        .forEach(
            group -> {
              lines.add(new Heading(group.getKey(), group.getValue().size()));
              group.getValue().stream().sorted(nearest).limit(most).forEach(lines::add);
            });
    return lines;
  }

  /**
   * How far an entry is from what was typed: it begins with that, has it in its name, has all its
   * words in its name, or is found by other words. An address is found only by an address.
   */
  private static int distance(Entry entry, String wanted) {
    String name = entry.text().toLowerCase(Locale.ROOT);
    if (entry.group() == Group.ADDRESSES || name.startsWith(wanted)) {
      return 0;
    }
    if (name.contains(wanted)) {
      return 1;
    }
    return Stream.of(wanted.split("\\s+", -1)).allMatch(name::contains) ? 2 : 3;
  }

  private List<Candidate> everything() {
    var all = new ArrayList<Candidate>();
    actions.all().forEach(action -> all.add(candidate(action)));
    all.addAll(openable);
    for (Register register : present.registers()) {
      addRegister(register, all);
    }
    for (List<Function> chapter : Functions.byChapter().values()) {
      for (Function function : chapter) {
        all.add(
            candidate(
                Group.FUNCTIONS,
                function.name() + "()",
                function.does(),
                () -> words.open("call", Map.of("fn", function.name()))));
      }
    }
    for (FoundDevice device : present.devices()) {
      all.add(
          candidate(
              Group.DEVICES,
              device.source() + "  " + device.name(),
              "",
              () -> selection.select(new Selected.Device(device.source()))));
    }
    for (String op : words.ops()) {
      all.add(candidate(Group.OPERATIONS, words.label(op) + "…", op, () -> words.open(op)));
    }
    return all;
  }

  private static void add(
      Group group, List<Openable> things, String detail, String also, List<Candidate> all) {
    for (Openable thing : things) {
      String name = thing.name().get();
      all.add(
          candidate(new Entry(group, name, detail, true, thing.open()), thing.also() + " " + also));
    }
  }

  private void addRegister(Register register, List<Candidate> all) {
    Runnable show =
        () -> {
          selection.select(new Selected.Register(lab.subject().unit(), register.name()));
          actions.get("show-inspector").run();
        };
    all.add(candidate(Group.REGISTERS, register.name(), register.access().text(), show));
    for (Field field : register.layout().fields()) {
      if (field.kind() != Field.Kind.RESERVED && field.kind() != Field.Kind.IGNORED) {
        all.add(
            candidate(
                Group.FIELDS,
                register.name() + "." + field.name(),
                texts.get("palette.bits", field.high(), field.low(), bits(field)),
                show));
      }
    }
  }

  private static int bits(Field field) {
    return field.high() - field.low() + 1;
  }

  private Stream<Entry> addresses(String wanted) {
    boolean looksLikeOne = wanted.length() > 1 && wanted.chars().anyMatch(Character::isDigit);
    var address = Hex.address(wanted);
    if (!looksLikeOne || address.isEmpty()) {
      return Stream.empty();
    }
    long at = address.getAsLong();
    return Stream.concat(
        present.devices().stream()
            .map(
                device ->
                    entry(
                        Group.ADDRESSES,
                        texts.get("palette.iova", Hex.group(at), device.source().toString()),
                        device.name(),
                        () -> selection.select(new Selected.Address(device.source(), at)))),
        Stream.of(
            entry(
                Group.ADDRESSES,
                texts.get("palette.memory", Hex.group(at)),
                "",
                () -> {
                  selection.select(new Selected.Bytes(at, 8));
                  actions.get("show-memory").run();
                })));
  }

  private static Entry entry(Group group, String text, String detail, Runnable chosen) {
    return new Entry(group, text, detail, true, chosen);
  }

  private static Candidate candidate(Group group, String text, String detail, Runnable chosen) {
    return candidate(entry(group, text, detail, chosen), "");
  }

  private static Candidate candidate(Entry entry, String also) {
    return new Candidate(
        entry, (entry.text() + " " + entry.detail() + " " + also).toLowerCase(Locale.ROOT));
  }

  /** A command is found by its words and by those of its menus, in every language. */
  private Candidate candidate(Action action) {
    List<String> menus = MenuPlan.above(action.id());
    // A word such as "dark" says little without its menu.
    String text =
        Stream.concat(menus.stream().skip(1), Stream.of(action.textKey()))
            .map(texts::get)
            .collect(Collectors.joining(": "));
    String also =
        Stream.concat(menus.stream(), Stream.of(action.textKey(), action.textKey() + ".also"))
            .map(texts::inEveryLanguage)
            .collect(Collectors.joining(" "));
    return candidate(
        new Entry(
            Group.COMMANDS,
            text,
            action.isPossible() ? action.shortcutText() : texts.get(action.blocked().getValue()),
            action.isPossible(),
            action::run),
        also);
  }
}
