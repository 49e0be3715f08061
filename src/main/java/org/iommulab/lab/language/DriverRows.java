package org.iommulab.lab.language;

import static org.iommulab.lab.language.Parts.between;
import static org.iommulab.lab.language.Parts.device;
import static org.iommulab.lab.language.Parts.expression;
import static org.iommulab.lab.language.Parts.expressions;
import static org.iommulab.lab.language.Parts.hex;
import static org.iommulab.lab.language.Parts.optionalBetween;
import static org.iommulab.lab.language.Parts.optionalName;
import static org.iommulab.lab.language.Parts.rest;
import static org.iommulab.lab.language.Parts.text;
import static org.iommulab.lab.language.Parts.word;

import java.util.List;

/** What drivers do with devices and with their memory, and letting devices work. */
final class DriverRows {

  /** The most a device may be told to do at once. */
  private static final int MOST_STEPS = 1_000_000;

  private static final int LONGEST_LOAD = 1 << 20;

  private DriverRows() {}

  static List<Operation<?>> all() {
    return List.of(
        Operation.of(
                "device.write",
                DriverCommand.WriteRegister.class,
                "A driver writes a register of a device.",
                device("dev"),
                text("reg"),
                expression("value"))
            .example("{'op':'device.write','dev':'nic','reg':'CTRL','value':1}"),
        Operation.of(
                "device.read",
                DriverCommand.ReadRegister.class,
                "A driver reads a register of a device.",
                device("dev"),
                text("reg"),
                optionalName("as"))
            .answers("`value`, `fields`")
            .example("{'op':'device.read','dev':'nic','reg':'STATUS'}"),
        Operation.of(
                "device.run",
                DriverCommand.Run.class,
                "Lets a device work.",
                device("dev"),
                optionalBetween("steps", 1, MOST_STEPS)
                    .note("descriptors or commands at most, else until idle"))
            .is(Trait.MOVES_DATA)
            .answers(
                "`steps`, `activity`, what passed: `reads`, `writes`, `bytes`, `aborted`, `lost`,"
                    + " `messages`, `last_refusal`")
            .example("{'op':'device.run','dev':'nic'}"),
        Operation.of(
                "device.receive",
                DriverCommand.Receive.class,
                "Something arrives at a device from outside.",
                device("dev"),
                hex("hex").note("a packet that comes in on the wire"))
            .example("{'op':'device.receive','dev':'nic','hex':'00'}"),
        Operation.of("device.state", DriverCommand.Show.class, "Shows a device.", device("dev"))
            .answers("`activity`, `registers`, `rings`, `counters`, `refusal`, `output`")
            .example("{'op':'device.state','dev':'nic'}"),
        Operation.of(
                "traffic",
                DriverCommand.Traffic.class,
                "A device sends a series of requests by seed.",
                device("dev"),
                rest(DriverFields.TRAFFIC))
            .is(Trait.MOVES_DATA)
            .answers("`done`, `blocked`, `void`, `bytes`, `first_fault`")
            .example("{'op':'traffic','dev':'nic','ranges':[{'start':'0x1000','len':4096}]}"),
        Operation.of(
                "kernel.write",
                DriverCommand.Store.class,
                "A driver stores quadwords into its memory.",
                word("at"),
                expressions("u64"))
            .example("{'op':'kernel.write','at':'buf','u64':['0x0']}"),
        Operation.of(
                "kernel.read",
                DriverCommand.Load.class,
                "A driver loads bytes from its memory.",
                word("at"),
                between("len", 1, LONGEST_LOAD).in("bytes"))
            .answers("`hex`")
            .example("{'op':'kernel.read','at':'buf','len':16}"));
  }
}
