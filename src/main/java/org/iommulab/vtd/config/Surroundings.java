package org.iommulab.vtd.config;

import org.iommulab.bus.MessageSink;
import org.iommulab.bus.ats.AtsEndpoints;
import org.iommulab.memory.PhysicalMemory;

/**
 * What a unit is built into.
 *
 * @param memory where its tables and queues are
 * @param messages where its interrupts go
 * @param endpoints the devices below it that speak ATS
 */
public record Surroundings(PhysicalMemory memory, MessageSink messages, AtsEndpoints endpoints) {}
