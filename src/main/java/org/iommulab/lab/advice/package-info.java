/**
 * The advisor: says when something suspicious happens, with the rule, the evidence, the source and
 * a fix that is a command. Its doors are Advisor, Advice and Rules. May import lab.rig, lab.script,
 * lab.machine and everything below.
 */
package org.iommulab.lab.advice;
