package org.iommulab.course.exercise;

import static org.iommulab.course.exercise.TableExercises.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.iommulab.course.exercise.Exercise.Answer;
import org.iommulab.course.exercise.Exercise.Table;
import org.iommulab.lab.language.Result;
import org.iommulab.words.Bilingual;

/** What firmware and boot line lead to, and which groups a machine has. */
final class BootExercises {

  private BootExercises() {}

  static Exercise bootLine(long seed) {
    var bench = new Bench(seed);
    boolean firmware = bench.upTo(5) != 0;
    boolean on = bench.upTo(4) != 0;
    boolean through = bench.upTo(3) == 0;
    boolean strict = bench.upTo(2) == 0;
    String address = Bench.hex(0x2000000L + 0x1000L * bench.upTo(0x1000));
    String line =
        (on ? "intel_iommu=on" : "intel_iommu=off")
            + (through ? " iommu=pt" : "")
            + (strict ? " iommu.strict=1" : "");
    bench.run("{'op':'machine','board':'laboratory'}");
    bench.run("{'op':'linux.boot','cmdline':'%s','firmware':{'vtd':%b}}", line, firmware);
    Result dma = bench.run("{'op':'dma.write','rid':'rogue','iova':'%s','data':'11'}", address);
    Object on0 = bench.look("reg(GSTS).TES");
    String english =
        "A kernel boots with \"%s\" on a machine with VT-d, which is switched %s in firmware. Is"
            + " translation on (1 or 0), and may an unknown card write to address %s (done or"
            + " blocked)?";
    String chinese = "内核以“%s”在有 VT-d 的机器上启动，固件里 VT-d %s。转换开了吗（1 或 0）？未知的卡能写 %s 吗（done 或 blocked）？";
    return bench.exercise(
        "boot-line",
        new Bilingual(
            String.format(Locale.ROOT, english, line, firmware ? "on" : "off", address),
            String.format(Locale.ROOT, chinese, line, firmware ? "打开" : "关闭", address)),
        List.of(),
        List.of(
            answer("GSTS.TES", "GSTS.TES", String.valueOf(on0), on && firmware ? "1" : "0"),
            answer(
                "The write",
                "这次写",
                String.valueOf(dma.fields().get("st")),
                on && firmware && !through ? "blocked" : "done")));
  }

  static Exercise groups(long seed) {
    var bench = new Bench(seed);
    var devices = new ArrayList<String>();
    var rows = new ArrayList<List<String>>();
    var without = new TreeSet<String>();
    var all = new ArrayList<String>();
    int functions = 2 + bench.upTo(4);
    for (int i = 0; i < functions; i++) {
      boolean acs = bench.upTo(2) == 0;
      String name = "f" + i;
      all.add(name);
      if (!acs) {
        without.add(name);
      }
      devices.add(
          String.format(
              Locale.ROOT, "{'name':'%s','at':'00:06.%d','kind':'engine','acs':%b}", name, i, acs));
      rows.add(List.of(name, "00:06." + i, acs ? "yes" : "no"));
    }
    bench.run("{'op':'machine','aw_bits':48,'devices':[%s]}", String.join(",", devices));
    bench.run("{'op':'linux.boot','cmdline':'intel_iommu=on'}");
    String asked = bench.one(all);
    String key = "";
    for (var group : bench.lab.view().kernel().orElseThrow().groups()) {
      var names = new TreeSet<String>();
      group.devices().forEach(id -> names.add("f" + id.function()));
      if (names.contains(asked)) {
        key = String.join(" ", names);
      }
    }
    String hand = without.contains(asked) ? String.join(" ", without) : asked;
    return bench.exercise(
        "group",
        new Bilingual(
            "One slot has the functions below. Which of them are in the IOMMU group of "
                + asked
                + "?",
            "一个插槽有下列功能。哪些与 " + asked + " 同在一个 IOMMU 组？"),
        List.of(
            Table.of(
                new Bilingual("Slot", "插槽"),
                List.of(
                    new Bilingual("name", "名字"),
                    new Bilingual("id", "号"),
                    new Bilingual("ACS", "ACS")),
                rows)),
        List.of(new Answer(new Bilingual("Group", "组"), key, hand, Exercise.Order.ANY)));
  }
}
