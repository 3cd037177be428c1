using NsDropoutTorch.Cli.Commands;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Training;

using var ctrlC = new CtrlC();
return CommandLine.Run(args, new CliHost(Console.Out, Console.Error, TimeProvider.System, ctrlC.Token) { Input = Console.In });
